namespace ClosedLoop.Lines;

/// <summary>
/// The skeleton of a repository's history: chains, forks and merges, not commits; its size is that of the forks, whatever the length of
/// the lines. Answers which commits contain which in time of the skeleton's size. Not safe for use by several threads.
/// </summary>
internal sealed partial class LineGraph(string repository)
{
    // A skeleton lives as long as the working set does.
    private const int MaxAnswers = 1_000, MaxReaches = 16;

    private readonly Dictionary<int, Chain> _chains = [];
    private readonly List<MergeEdge> _merges = [];
    private readonly HashSet<MergeEdge> _known = [];

    // By chain: a line into which thousands of branches were merged is walked once, and not once for each of them. Null until asked for.
    private Dictionary<int, List<MergeEdge>>? _mergesAt, _mergesOf;
    private Dictionary<int, List<Chain>>? _forks;
    private readonly Dictionary<ChainPoint, IReadOnlyDictionary<int, long>> _reach = [];

    private int _lastId;

    // Below these places something is missing. Null until asked for.
    private List<ChainPoint>? _gaps;
    private readonly Dictionary<ChainPoint, IReadOnlyDictionary<int, long>> _entries = [];

    public string Repository => repository;

    public IReadOnlyCollection<Chain> Chains => _chains.Values;

    public IReadOnlyList<MergeEdge> Merges => _merges;

    public Chain Chain(int id) => _chains[id];

    public Chain Add(Chain chain)
    {
        Extended();
        _chains.Add(chain.Id, chain);
        _lastId = Math.Max(_lastId, chain.Id);
        if (_forks is not null && chain.Parent is { } parent) Insert(Under(_forks, parent.Chain), chain, static c => c.Parent!.Value.Position);
        return chain;
    }

    public int NextId() => _lastId + 1;

    public void Remove(int chain)
    {
        Forget();
        _chains.Remove(chain);
        // The next chain gets the number after the highest, as it does when the skeleton is read.
        if (chain == _lastId) _lastId = _chains.Count == 0 ? 0 : _chains.Keys.Max();
    }

    public void Add(MergeEdge merge)
    {
        Extended();
        if (!_known.Add(merge)) return;
        _merges.Add(merge);
        if (_mergesAt is not null) Insert(Under(_mergesAt, merge.At.Chain), merge, static m => m.At.Position);
        if (_mergesOf is not null) Under(_mergesOf, merge.Other.Chain).Add(merge);
        // A merge at a line's end comes after what was walked; one whose other side became known later does not.
        if (_walked.TryGetValue(merge.At.Chain, out long walked) && merge.At.Position <= walked) ForgetGains();
    }

    public void Replace(Predicate<MergeEdge> which, Func<MergeEdge, MergeEdge> with)
    {
        Forget();
        for (int i = 0; i < _merges.Count; i++)
            if (which(_merges[i]))
                _merges[i] = with(_merges[i]);
        _known.Clear();
        _known.UnionWith(_merges);
    }

    /// <summary>To be called after a chain got another past, or another number.</summary>
    public void Forget()
    {
        Extended();
        ForgetGains();
        (_mergesAt, _mergesOf, _forks) = (null, null, null);
    }

    /// <summary>To be called after commits were added to a chain's end.</summary>
    public void Extended()
    {
        _reach.Clear();
        _entries.Clear();
        _gaps = null;
    }

    /// <summary>The chains that fork from a chain at or after a position, by where they do.</summary>
    public IEnumerable<Chain> ForksOf(int chain, long from = long.MinValue)
    {
        if (_forks is null)
        {
            _forks = [];
            foreach (var fork in _chains.Values)
                if (fork.Parent is { } parent)
                    Insert(Under(_forks, parent.Chain), fork, static c => c.Parent!.Value.Position);
        }
        return _forks.TryGetValue(chain, out var forks) ? forks.Skip(PlaceOf(forks, from, static c => c.Parent!.Value.Position)) : [];
    }

    // By position.
    private List<MergeEdge> MergesAt(int chain)
    {
        if (_mergesAt is null)
        {
            _mergesAt = [];
            foreach (var merge in _merges) Insert(Under(_mergesAt, merge.At.Chain), merge, static m => m.At.Position);
        }
        return Find(_mergesAt, chain);
    }

    private List<MergeEdge> MergesOf(int chain)
    {
        if (_mergesOf is null)
        {
            _mergesOf = [];
            foreach (var merge in _merges) Under(_mergesOf, merge.Other.Chain).Add(merge);
        }
        return Find(_mergesOf, chain);
    }

    private static void Insert<T>(List<T> sorted, T one, Func<T, long> positionOf) => sorted.Insert(positionOf(one) is < long.MaxValue and var at ? PlaceOf(sorted, at + 1, positionOf) : sorted.Count, one);

    private static int PlaceOf<T>(List<T> sorted, long from, Func<T, long> positionOf)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (positionOf(sorted[middle]) < from) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static List<MergeEdge> Find(Dictionary<int, List<MergeEdge>> merges, int chain) => merges.TryGetValue(chain, out var found) ? found : [];

    private static List<T> Under<T>(Dictionary<int, List<T>> lists, int chain) => lists.TryGetValue(chain, out var list) ? list : lists[chain] = [];

    /// <summary>What a commit contains: per chain the last position; all before it on that chain are contained too. As large as the skeleton.</summary>
    public IReadOnlyDictionary<int, long> Reach(ChainPoint commit)
    {
        if (_reach.TryGetValue(commit, out var known)) return known;
        var reach = new Dictionary<int, long> { [commit.Chain] = commit.Position };
        var open = new Queue<int>([commit.Chain]);
        while (open.TryDequeue(out int id))
        {
            long last = reach[id];
            if (_chains[id].Parent is { } parent) Reached(parent);
            foreach (var merge in MergesAt(id))
            {
                if (merge.At.Position > last) break;
                Reached(merge.Other);
            }
        }
        if (_reach.Count >= MaxReaches) _reach.Clear();
        return _reach[commit] = reach;

        void Reached(ChainPoint point)
        {
            if (reach.TryGetValue(point.Chain, out long before) && before >= point.Position) return;
            reach[point.Chain] = point.Position;
            open.Enqueue(point.Chain);
        }
    }

    /// <summary>Where a commit comes in: per chain the first position that contains it; all after it on that chain contain it too.</summary>
    public IReadOnlyDictionary<int, long> Entries(ChainPoint commit)
    {
        if (_entries.TryGetValue(commit, out var known)) return known;
        var entries = new Dictionary<int, long> { [commit.Chain] = commit.Position };
        var open = new Queue<int>([commit.Chain]);
        while (open.TryDequeue(out int id))
        {
            long first = entries[id];
            foreach (var chain in ForksOf(id, first)) Entered(chain.Id, long.MinValue);
            foreach (var merge in MergesOf(id))
                if (merge.Other.Position >= first)
                    Entered(merge.At.Chain, merge.At.Position);
        }
        if (_entries.Count >= MaxAnswers) _entries.Clear();
        return _entries[commit] = entries;

        void Entered(int chain, long position)
        {
            if (entries.TryGetValue(chain, out long before) && before <= position) return;
            entries[chain] = position;
            open.Enqueue(chain);
        }
    }

    public bool Contains(ChainPoint commit, ChainPoint part) => part.Position <= LastReached(commit, part.Chain);

    /// <summary>The first-parent history of a commit: its chain, then what that forked from.</summary>
    public IEnumerable<ChainPoint> FirstParents(ChainPoint commit)
    {
        for (ChainPoint? point = commit; point is { } p; point = _chains[p.Chain].Parent) yield return p;
    }

    /// <summary>The same as the last position of each chain that has a part of it.</summary>
    public Dictionary<int, long> LineOf(ChainPoint commit)
    {
        var line = new Dictionary<int, long>();
        foreach (var part in FirstParents(commit)) line[part.Chain] = Math.Max(part.Position, line.GetValueOrDefault(part.Chain, long.MinValue));
        return line;
    }

    public ChainPoint? FirstParent(ChainPoint commit) =>
        commit.Position > _chains[commit.Chain].First ? commit with { Position = commit.Position - 1 } : _chains[commit.Chain].Parent;

    /// <summary>Whether a commit is on the first-parent history of another one.</summary>
    public bool IsOnLine(ChainPoint head, ChainPoint commit) => FirstParents(head).Any(p => p.Chain == commit.Chain && commit.Position <= p.Position);

    /// <summary>
    /// Whether a commit contains another one as far as anybody can tell: it does, or its history has a gap that does not lie below the other too. The side of a merge that
    /// nobody told of is no gap: sources that tell only first parents leave out all of them, and nothing could ever be said to be gone.
    /// </summary>
    public bool MayContain(ChainPoint commit, ChainPoint part)
    {
        if (Contains(commit, part)) return true;
        // What lies below both of them is missing from both: it has neither.
        if (Contains(part, commit)) return false;
        return !SharesGaps(commit, part);
    }

    /// <summary>Whether the same is missing of two commits' histories.</summary>
    public bool HaveSameGaps(ChainPoint one, ChainPoint other) => SharesGaps(one, other) && SharesGaps(other, one);

    /// <summary>Whether what is missing of a commit's history is missing of the other's too.</summary>
    public bool SharesGaps(ChainPoint commit, ChainPoint other)
    {
        foreach (var gap in Gaps)
            if (Contains(commit, gap) && !Contains(other, gap))
                return false;
        return true;
    }

    private List<ChainPoint> Gaps =>
        _gaps ??= [.. _chains.Values.Where(static c => c is { ParentSha: not null, Parent: null }).Select(static c => new ChainPoint(c.Id, c.First))];

    /// <summary>The chains on which a change of a chain's past is seen: itself and those that fork from it or merge it.</summary>
    public ISet<int> Above(int chain)
    {
        var above = new HashSet<int> { chain };
        var open = new Queue<int>([chain]);
        while (open.TryDequeue(out int id))
        {
            foreach (var other in ForksOf(id))
                if (above.Add(other.Id))
                    open.Enqueue(other.Id);
            foreach (var merge in MergesOf(id))
                if (above.Add(merge.At.Chain))
                    open.Enqueue(merge.At.Chain);
        }
        return above;
    }
}
