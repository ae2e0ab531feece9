using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>Finds where the lines' history is missing, for probes to read.</summary>
internal static class LineGaps
{
    /// <summary>So many holes are asked for in one look; what is left is asked for in the next.</summary>
    public const int MaxPerLook = 10;

    private const int MaxWanted = 200;

    public static async ValueTask<IReadOnlyList<LineGap>> FindAsync(ILoopStore store, CancellationToken cancellationToken)
    {
        var index = new LineIndex(store, new IndexCache(), PendingRows.None, cancellationToken);
        var map = new LineMap(index, []);
        var gaps = new List<LineGap>();
        var heads = await index.ScanAsync(LineKeys.Under(LineKeys.AllHeads)).ConfigureAwait(false);
        var wanted = new List<IndexEntry>(await index.ScanAsync(LineKeys.Under(LineKeys.AllWanted, MaxWanted)).ConfigureAwait(false));
        string[] repositories = [.. heads.Select(static r => r.Key.Split('\t')[1]).Distinct(StringComparer.Ordinal)];
        var running = await index.ScanAsync([.. repositories.Select(static r => LineKeys.Under(LineKeys.Running(r), MaxPerLook))]).ConfigureAwait(false);
        wanted.AddRange(running.SelectMany(static r => r));
        var wantedIn = wanted.Select(static r => r.Key.Split('\t')[1]).ToHashSet(StringComparer.Ordinal);
        foreach (var row in heads)
        {
            string[] key = row.Key.Split('\t');
            var head = LineHead.Read(row.Value);
            if (await map.LocateAsync(key[1], head.Commit).ConfigureAwait(false) is not { } point)
            {
                Add(new LineGap(key[1], key[2], head.Commit));
                continue;
            }
            var bottom = await map.BottomAsync(key[1], point).ConfigureAwait(false);
            if (bottom.ParentSha is not { } missing) continue;
            var graph = await map.GraphAsync(key[1]).ConfigureAwait(false);
            // History that nobody asks about is left where it is.
            if (head.Known != head.Commit || wantedIn.Contains(key[1]) || graph.Chains.Any(c => IsBeyond(graph, point, bottom, new ChainPoint(c.Id, c.Last))))
                Add(new LineGap(key[1], key[2], missing));
        }
        foreach (var row in wanted)
        {
            string[] key = row.Key.Split('\t');
            // A landing beyond what is known of its line: its head first, which may be older here than there. What runs somewhere and is on no known line: from there.
            if (row.Value.Length == 0) Add(new LineGap(key[1], "", key[2]));
            else if (!gaps.Exists(g => g.Repository == key[1] && g.Branch == row.Value)) Add(new LineGap(key[1], row.Value, null));
        }
        return gaps;

        static bool IsBeyond(LineGraph graph, ChainPoint head, Chain bottom, ChainPoint other) =>
            !graph.Contains(head, other) && !graph.Contains(other, head) && !graph.Contains(other, new ChainPoint(bottom.Id, bottom.First));

        void Add(LineGap gap)
        {
            if (gaps.Count < MaxPerLook && !gaps.Contains(gap)) gaps.Add(gap);
        }
    }
}
