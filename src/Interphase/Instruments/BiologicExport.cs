using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>The table EC-Lab exports.</summary>
internal static class BiologicExport
{
    /// <summary>Every stored column.</summary>
    public static NativeTable Of(BiologicMpr.Rows rows) => new([.. rows.Columns.Select(c => new NativeColumn(c.Name, rows.Decode(c, 1)))]);
}
