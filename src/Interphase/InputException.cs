namespace Interphase;

/// <summary>
/// The input or the call is wrong: what, where (file, line or byte, key) and how to mend it.
/// Printed as <c>error: WHAT (WHERE): HOW TO MEND</c>; the command then exits with 1.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>States what is wrong, where, and how to mend it.</summary>
    /// <param name="what">What is wrong, as a clause without a full stop.</param>
    /// <param name="where">File with line, column or byte, and the key where there is one; empty where the caller will add it by <see cref="At"/>.</param>
    /// <param name="mend">What the person should do.</param>
    /// <param name="inner">The cause, if another exception revealed it.</param>
    public InputException(string what, string where, string mend, Exception? inner = null)
        : base(where.Length == 0 ? $"{what}: {mend}" : $"{what} ({where}): {mend}", inner)
    {
        What = what;
        Where = where;
        Mend = mend;
    }

    /// <summary>What is wrong.</summary>
    public string What { get; }

    /// <summary>File, line or byte, key.</summary>
    public string Where { get; }

    /// <summary>How to mend it.</summary>
    public string Mend { get; }

    /// <summary>The same error with an outer place put before its own (<c>study.yaml:12:5, electrode.area</c>).</summary>
    public InputException At(string outer) =>
        new(What, Where.Length == 0 ? outer : $"{outer}, {Where}", Mend, InnerException);
}
