using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The first-parent history of one line as parts of chains, newest first. Read by the chains that it goes through and not from the whole skeleton, which has
/// every merge of the repository in it.
/// </summary>
internal sealed class LinePath
{
    // A line is as a rule one chain, or two; a history of thousands of forks is told as far as this.
    private const int MostParts = 200;

    private readonly List<(int Chain, long First, long Last, long Before)> _parts = [];

    public IReadOnlyList<(int Chain, long First, long Last, long Before)> Parts => _parts;

    public static async ValueTask<LinePath> ReadAsync(LineIndex index, LineMap map, string repository, ChainPoint head)
    {
        var path = new LinePath();
        long before = 0;
        for (ChainPoint? point = head; point is { } at && path._parts.Count < MostParts;)
        {
            var chain = await map.ChainAsync(repository, at.Chain).ConfigureAwait(false);
            path._parts.Add((at.Chain, chain.First, at.Position, before));
            before += at.Position - chain.First + 1;
            point = chain.Parent;
        }
        return path;
    }

    /// <summary>How many commits are newer than one of this line; null when it is not of this line.</summary>
    public long? Behind(ChainPoint? point)
    {
        if (point is not { } at) return null;
        foreach (var part in _parts)
            if (part.Chain == at.Chain)
                return at.Position >= part.First && at.Position <= part.Last ? part.Before + part.Last - at.Position : null;
        return null;
    }

    /// <summary>The commits from one on, newest first.</summary>
    public async ValueTask<List<(string Sha, ChainPoint Point)>> CommitsAsync(LineIndex index, string repository, long behind, int most)
    {
        var commits = new List<(string Sha, ChainPoint Point)>();
        foreach (var part in _parts)
        {
            long last = part.Last - Math.Max(0, behind - part.Before);
            if (last < part.First) continue;
            string prefix = LineKeys.Places(repository, part.Chain);
            var rows = await index.ScanAsync(new IndexRange(prefix + LineKeys.Position(part.First), prefix + LineKeys.Position(last + 1), most - commits.Count, Descending: true)).ConfigureAwait(false);
            foreach (var row in rows) commits.Add((row.Value, new ChainPoint(part.Chain, LineKeys.ReadPosition(row.Key.AsSpan(prefix.Length)))));
            if (commits.Count == most) break;
        }
        return commits;
    }
}
