using System.Globalization;
using System.Text;
using System.Text.Json;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Outcomes;
using ClosedLoop.Insights.Review;

namespace ClosedLoop.Insights.Export;

/// <summary>
/// Writes reports: CSV by RFC 4180 from their rows (<see cref="MetricRows"/>), JSON whole. Numbers are invariant, instants and durations as in ISO 8601 (in CSV durations are seconds). What has no value is empty or null, never 0.
/// Safe from any thread.
/// </summary>
public static class MetricExport
{
    private const string Header = "metric,scope,period,statistic,value,unit,count,low_sample,censored,excluded";

    /// <summary>
    /// Writes rows as CSV with a header, lines ending with CR LF. Texts that a spreadsheet would run as a formula (they begin with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tab or a line break) get an apostrophe in front.
    /// </summary>
    public static void WriteCsv(TextWriter writer, IEnumerable<MetricRow> rows)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rows);
        writer.Write(Header);
        writer.Write("\r\n");
        foreach (var row in rows)
        {
            writer.Write(string.Join(',', Text(row.Metric), Text(row.Scope), Text(row.Period), Text(row.Statistic), Number(row.Value), Text(row.Unit), Number(row.Count), Flag(row.IsLowSample), Number(row.Censored), Number(row.Excluded)));
            writer.Write("\r\n");
        }
    }

    /// <summary>Rows as CSV.</summary>
    public static string ToCsv(IEnumerable<MetricRow> rows)
    {
        using var writer = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
        WriteCsv(writer, rows);
        return writer.ToString();
    }

    /// <summary>Rows as JSON.</summary>
    public static string ToJson(IEnumerable<MetricRow> rows) => JsonSerializer.Serialize([.. rows], InsightsJson.Default.MetricRowArray);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(FlowReport report) => JsonSerializer.Serialize(report, InsightsJson.Default.FlowReport);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(DoraReport report) => JsonSerializer.Serialize(report, InsightsJson.Default.DoraReport);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(CycleTimeReport report) => JsonSerializer.Serialize(report, InsightsJson.Default.CycleTimeReport);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(IterationsToSuccess report) => JsonSerializer.Serialize(report, InsightsJson.Default.IterationsToSuccess);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(CiRounds report) => JsonSerializer.Serialize(report, InsightsJson.Default.CiRounds);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(TestOracle report) => JsonSerializer.Serialize(report, InsightsJson.Default.TestOracle);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(AutoApproval report) => JsonSerializer.Serialize(report, InsightsJson.Default.AutoApproval);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(CostPerIteration report) => JsonSerializer.Serialize(report, InsightsJson.Default.CostPerIteration);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(CostPerFeature report) => JsonSerializer.Serialize(report, InsightsJson.Default.CostPerFeature);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(FeaturesPerWeek report) => JsonSerializer.Serialize(report, InsightsJson.Default.FeaturesPerWeek);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(LoopEfficiency report) => JsonSerializer.Serialize(report, InsightsJson.Default.LoopEfficiency);

    /// <summary>A report as JSON.</summary>
    public static string ToJson(VanityCheck report) => JsonSerializer.Serialize(report, InsightsJson.Default.VanityCheck);

    private static string Text(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n') text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Number(decimal? value) => value?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "";

    private static string Flag(bool? flag) => flag is { } value ? value ? "true" : "false" : "";
}
