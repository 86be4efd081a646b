namespace Interphase.Instruments;

/// <summary>The column names of Neware's Chinese exports in those of its English ones.</summary>
internal static class NewareChinese
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["数据序号"] = "DataPoint", ["记录序号"] = "DataPoint", ["序号"] = "DataPoint", ["循环号"] = "Cycle Index", ["循环序号"] = "Cycle Index", ["循环"] = "Cycle Index",
        ["工步号"] = "Step Index", ["工步序号"] = "Step Number", ["工步类型"] = "Step Type", ["工步状态"] = "Step Type", ["工步名称"] = "Step Type", ["状态"] = "Step Type",
        ["时间"] = "Time", ["工步时间"] = "Time", ["相对时间"] = "Time", ["总时间"] = "Total Time", ["测试时间"] = "Total Time", ["绝对时间"] = "Date", ["日期"] = "Date", ["系统时间"] = "Date",
        ["电流"] = "Current", ["电压"] = "Voltage", ["容量"] = "Capacity", ["比容量"] = "Spec. Cap.", ["能量"] = "Energy", ["比能量"] = "Spec. Energy", ["功率"] = "Power",
        ["充电容量"] = "Chg. Cap.", ["放电容量"] = "DChg. Cap.", ["充电比容量"] = "Chg. Spec. Cap.", ["放电比容量"] = "DChg. Spec. Cap.", ["充电能量"] = "Chg. Energy", ["放电能量"] = "DChg. Energy",
        ["充电比能量"] = "Chg. Spec. Energy", ["放电比能量"] = "DChg. Spec. Energy", ["温度"] = "T1", ["辅助温度"] = "T1",
    };

    /// <summary>A header line with its Chinese names replaced; one without them comes back as it is.</summary>
    public static string English(string line)
    {
        if (System.Text.Ascii.IsValid(line)) { return line; }
        var separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        return string.Join(separator, line.Split(separator).Select(Cell));
    }

    private static string Cell(string cell)
    {
        var text = cell.Trim().Trim('"', '\uFEFF').Replace('（', '(').Replace('）', ')').Replace("℃", "degC", StringComparison.Ordinal);
        var unit = text.IndexOfAny(['(', '/']);
        var name = (unit < 0 ? text : text[..unit]).Trim();
        if (!Names.TryGetValue(name, out var english)) { return cell; }
        return unit < 0 ? english : text[unit] == '/' ? $"{english}({text[(unit + 1)..].Trim()})" : english + text[unit..];
    }
}
