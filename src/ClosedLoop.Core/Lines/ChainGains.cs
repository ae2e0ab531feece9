namespace ClosedLoop.Lines;

/// <summary>
/// What the merges of one chain brought, in order of their places: each chain that a merge made reachable, and up to where. What the chain
/// forked from is not among it. Filled as far as the merges are known; a line into which thousands of branches were merged is so walked once.
/// </summary>
internal sealed class ChainGains
{
    private readonly Dictionary<int, List<(long At, long Last)>> _byChain = [];
    private readonly List<(long At, int Chain)> _inOrder = [];

    /// <summary>How many of the chain's merges are in it.</summary>
    public int Merges { get; set; }

    /// <param name="at">The place of the merge.</param>
    /// <param name="chain">The chain that it reaches.</param>
    /// <param name="last">Up to where; further than any merge before it.</param>
    public void Add(long at, int chain, long last)
    {
        if (!_byChain.TryGetValue(chain, out var places)) _byChain[chain] = places = [];
        if (places.Count > 0 && places[^1].At == at) places[^1] = (at, last);
        else places.Add((at, last));
        _inOrder.Add((at, chain));
    }

    /// <summary>The last position of a chain that the merges up to a place reach; null when they reach none of it.</summary>
    public long? LastReached(long at, int chain)
    {
        if (!_byChain.TryGetValue(chain, out var places)) return null;
        int low = 0, high = places.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (places[middle].At <= at) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : places[low - 1].Last;
    }

    /// <summary>The chains of which the merges after a place, up to another one, reach more than those before.</summary>
    public IEnumerable<int> Between(long after, long to)
    {
        int low = 0, high = _inOrder.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_inOrder[middle].At <= after) low = middle + 1;
            else high = middle;
        }
        for (; low < _inOrder.Count && _inOrder[low].At <= to; low++) yield return _inOrder[low].Chain;
    }
}
