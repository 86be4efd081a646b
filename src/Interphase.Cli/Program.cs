using Interphase.Cli;

Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return Entry.Run(args, Console.Out, Console.Error);
