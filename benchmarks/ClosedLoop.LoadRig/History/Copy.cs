using System.Globalization;
using ClosedLoop.LoadRig.Ingest;

namespace ClosedLoop.LoadRig.History;

/// <summary>A merge whose rows are made from those of another one: its names, and how much later it happened.</summary>
internal sealed class Copy(int number, int perWeek, DateTimeOffset originalOpened)
{
    public int Number => number;

    public string NumberText { get; } = number.ToString(CultureInfo.InvariantCulture);

    public string Sha { get; } = MergeSignals.Sha(number);

    public string Digest { get; } = MergeSignals.Digest(number);

    public DateTimeOffset Opened { get; } = MergeSignals.OpenedAt(number, perWeek);

    public TimeSpan Later => Opened - originalOpened;
}
