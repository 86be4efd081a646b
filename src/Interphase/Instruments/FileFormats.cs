namespace Interphase.Instruments;

/// <summary>Every file format that is read, written out by hand. A new one is a file in this folder and a line here.</summary>
public static class FileFormats
{
    /// <summary>In the order in which they are tried: formats with a signature first, tables known only by their header last.</summary>
    public static IReadOnlyList<FileFormat> All { get; } =
    [
        BiologicMpr.Format,
        BiologicMpt.Format,
        BiologicSettingsFile.SettingsFormat,
        BiologicSettingsFile.LogFormat,
        NewareNda.Format,
        NewareNdax.Format,
        ArbinRes.Format,
        GamryDta.Format,
        ZPlot.Format,
        ArbinText.Format,
        MaccorText.Format,
        NewareText.Format,
        LandtText.Format,
        NovonixText.Format,
        BasytecText.Format,
        PecText.Format,
        DigatronText.Format,
        BatteryArchive.Format,
        ZahnerIsm.Format,
        ZViewText.Format,
        Workbook.Format,
        IviumIdf.Format,
        PalmSensSession.Format,
        BdfFile.Format,
        BdfFile.JsonFormat,
        Tiff.Format,
        Png.Format,
        DigitalMicrograph.Format,
        Ser.Format,
        Mrc.Format,
        BrukerRaw.Format,
        Xrdml.Format,
        Rasx.Format,
        DiffractionText.Format,
        NetzschText.Format,
        TaText.Format,
        PerkinElmerText.Format,
        MettlerText.Format,
        ThermalCsv.Format,
        MatrixText.Format,
        NamedText.Format,
        CountedRows.Format,
    ];
}
