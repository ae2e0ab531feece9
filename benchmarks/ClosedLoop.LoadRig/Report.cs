using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.LoadRig;

/// <summary>The result of a run, for people and for scripts.</summary>
internal sealed record Report(string Scenario, IReadOnlyDictionary<string, string> Options, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    public int Cores { get; } = Environment.ProcessorCount;

    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    public string System { get; } = RuntimeInformation.RuntimeIdentifier;

    /// <summary>The figures of a scenario that has one row, beside the rest, so that a script finds them at once.</summary>
    [JsonExtensionData]
    public IDictionary<string, object>? Figures { get; init; } = Rows is [var only] ? only.More.ToDictionary(static m => m.Key, static m => (object)m.Value, StringComparer.Ordinal) : null;

    public void PrintTable(TextWriter output)
    {
        output.WriteLine($"{Scenario}: {Cores} cores, {Runtime}; min / median / max; ratio = our time / the twin's time");
        foreach (var row in Rows)
        {
            output.WriteLine($"{row.Case} [{row.Unit}]  ours {Show(row.Ours)}  twin {Show(row.Theirs)}  ratio {Show(row.TimeRatio)}");
            output.WriteLine($"    twin: {row.Twin}");
            if (row.More.Count > 0) output.WriteLine($"    {string.Join("  ", row.More.Select(static m => $"{m.Key}={Show(m.Value)}"))}");
        }
    }

    public void PrintJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Json));

    private static string Show(Spread spread) => $"{Show(spread.Min)} / {Show(spread.Median)} / {Show(spread.Max)}";

    private static string Show(double value) => value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
