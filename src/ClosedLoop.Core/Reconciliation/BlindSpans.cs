namespace ClosedLoop.Reconciliation;

/// <summary>Spans of time in which a source could not be reached, in order and apart from each other. Pure.</summary>
internal static class BlindSpans
{
    /// <summary>The spans in which all of several sources were blind, between two instants.</summary>
    public static IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Common(IReadOnlyList<IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> sources, DateTimeOffset from, DateTimeOffset to)
    {
        if (sources.Count == 0 || from >= to) return [];
        IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> common = [(from, to)];
        foreach (var source in sources)
        {
            common = [.. common.SelectMany(a => source.Select(b => (From: a.From > b.From ? a.From : b.From, To: a.To < b.To ? a.To : b.To))).Where(static s => s.From < s.To)];
        }
        return common;
    }
}
