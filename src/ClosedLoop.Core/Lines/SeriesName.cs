using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>One check, job or target: who says what of which environment under which name.</summary>
internal sealed record SeriesName(string Text, string Kind, Writer Writer, string Environment, string Name)
{
    public static SeriesName Read(string text)
    {
        string[] parts = text.Split('\t');
        return new SeriesName(text, parts[0], Writer.Parse(parts[1]), parts[2], parts[3]);
    }

    public static string KindOf(string text) => text[..text.IndexOf('\t', StringComparison.Ordinal)];

    /// <summary>The series that have evidence about commits of a repository.</summary>
    public static async ValueTask<List<SeriesName>> AllAsync(LineIndex index, string repository)
    {
        string prefix = LineKeys.SeriesOf(repository);
        return [.. (await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false)).Select(r => index.SeriesOf(r.Key[prefix.Length..]))];
    }

    /// <summary>Whether both are about one target of one environment.</summary>
    public bool IsAt(SeriesName other) => Environment == other.Environment && Name == other.Name;

    public bool CountsFor(GateDefinition gate) =>
        gate.ListensTo(Kind) && gate.Accepts(Writer) &&
        (gate.Environments.IsDefaultOrEmpty || Environment.Length == 0 || gate.Environments.Contains(Environment, StringComparer.OrdinalIgnoreCase));
}
