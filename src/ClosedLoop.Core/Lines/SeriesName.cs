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

    public bool CountsFor(GateDefinition gate) =>
        gate.ListensTo(Kind) && gate.Accepts(Writer) &&
        (gate.Environments.IsDefaultOrEmpty || Environment.Length == 0 || gate.Environments.Contains(Environment, StringComparer.OrdinalIgnoreCase));
}
