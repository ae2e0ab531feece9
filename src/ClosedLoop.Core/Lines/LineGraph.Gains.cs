namespace ClosedLoop.Lines;

// What a commit contains, asked chain by chain: read off what each chain's merges brought, and not walked for each commit.
internal sealed partial class LineGraph
{
    // Per chain, what its merges brought; and up to where merges of a chain were looked at for that.
    private readonly Dictionary<int, ChainGains> _gains = [];
    private readonly Dictionary<int, long> _walked = [];

    /// <summary>The last commit of a chain that a commit contains; null when it contains none of it.</summary>
    public long? LastReached(ChainPoint commit, int chain)
    {
        // A cycle cannot come from git; from a source that lies it ends here.
        int left = _chains.Count;
        for (ChainPoint? point = commit; point is { } p && left-- >= 0; point = _chains[p.Chain].Parent)
        {
            long? gained = GainsOf(p.Chain).LastReached(p.Position, chain);
            if (p.Chain == chain) return gained > p.Position ? gained : p.Position;
            // More than what the chain forked from has of it: else it would not be a gain.
            if (gained is not null) return gained;
        }
        return null;
    }

    /// <summary>The chains of which a commit contains more than another one before it on the same chain.</summary>
    public IEnumerable<int> Gained(int chain, long after, long to) => GainsOf(chain).Between(after, to).Prepend(chain).Distinct();

    private ChainGains GainsOf(int chain)
    {
        if (!_gains.TryGetValue(chain, out var gains)) _gains[chain] = gains = new ChainGains();
        var merges = MergesAt(chain);
        while (gains.Merges < merges.Count)
        {
            var merge = merges[gains.Merges++];
            Walked(chain, merge.At.Position);
            var open = new Queue<(int Chain, long After, long To)>();
            Gain(merge.Other);
            while (open.TryDequeue(out var part))
            {
                if (part.After == long.MinValue && _chains[part.Chain].Parent is { } parent) Gain(parent);
                Walked(part.Chain, part.To);
                var inner = MergesAt(part.Chain);
                for (int i = part.After == long.MinValue ? 0 : PlaceOf(inner, part.After + 1, static m => m.At.Position); i < inner.Count && inner[i].At.Position <= part.To; i++) Gain(inner[i].Other);
            }

            void Gain(ChainPoint point)
            {
                long known = KnownTo(chain, gains, merge.At.Position, point.Chain) ?? long.MinValue;
                if (known >= point.Position) return;
                gains.Add(merge.At.Position, point.Chain, point.Position);
                open.Enqueue((point.Chain, known, point.Position));
            }
        }
        return gains;
    }

    // While the gains of a chain are filled.
    private long? KnownTo(int chain, ChainGains gains, long at, int other)
    {
        long? gained = gains.LastReached(at, other);
        if (chain == other) return gained > at ? gained : at;
        return gained ?? (_chains[chain].Parent is { } parent ? LastReached(parent, other) : null);
    }

    private void Walked(int chain, long to)
    {
        if (!_walked.TryGetValue(chain, out long walked) || walked < to) _walked[chain] = to;
    }

    private void ForgetGains()
    {
        _gains.Clear();
        _walked.Clear();
    }
}
