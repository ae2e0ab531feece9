namespace ClosedLoop.Lines;

/// <summary>
/// Takes commits into the skeleton: each extends a chain, forks from one, or starts one whose past is not known yet. The result does not
/// depend on the order in which commits arrive, except for how chains are numbered.
/// </summary>
internal sealed class HistoryStage(LineIndex index, LineMap map)
{
    // Longer ones stay as they are, one fork more: moving them would cost more than that.
    private const long LongestMove = 5_000;

    /// <summary>The commits that became known.</summary>
    public List<(string Repository, string Sha)> Located { get; } = [];

    /// <summary>The repositories of which no commit was known before.</summary>
    public List<string> Begun { get; } = [];

    /// <summary>The commits whose chain got more past than it had: by a healed gap or by a merge whose other side became known.</summary>
    public List<(string Repository, string Sha, bool ByMerge)> Joined { get; } = [];

    /// <summary>The commits below which another chain was put: the marks of both are one staircase from now on.</summary>
    public List<(string Repository, string Sha)> Seams { get; } = [];

    public async ValueTask InsertAsync(string repository, IReadOnlyCollection<CommitNode> nodes)
    {
        await map.LoadAsync(repository, nodes.SelectMany(static n => n.Parents.Prepend(n.Sha))).ConfigureAwait(false);
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        var fresh = new Dictionary<string, CommitNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
            if (map.Find(repository, node.Sha) is null)
                fresh.TryAdd(node.Sha, node);
        if (fresh.Count == 0) return;
        if (graph.Chains.Count == 0) Begun.Add(repository);
        var touched = new HashSet<Chain>();
        var order = ParentsFirst(fresh);
        foreach (var node in order) Place(graph, node, touched);
        foreach (var chain in touched) map.Save(repository, chain);
        graph.Extended();
        foreach (var node in order)
            foreach (string other in node.Parents.Skip(1))
                Merge(graph, node.Sha, other);
        Located.AddRange(order.Select(n => (repository, n.Sha)));
        var waiting = await index.ScanAsync([.. order.Select(n => LineKeys.Under(LineKeys.Waiting(repository, n.Sha, "")))]).ConfigureAwait(false);
        for (int i = 0; i < order.Count; i++)
        {
            if (waiting[i].Count == 0) continue;
            // Joining the chains before may have given a chain that waits another number.
            foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Waiting(repository, order[i].Sha, ""))).ConfigureAwait(false))
                await JoinAsync(graph, order[i].Sha, row.Key).ConfigureAwait(false);
        }
    }

    private static List<CommitNode> ParentsFirst(Dictionary<string, CommitNode> fresh)
    {
        var order = new List<CommitNode>(fresh.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<CommitNode>();
        // The newest commits of a line first: of a merge and the branch that it brings, both at the line's end, the merge goes on with the
        // line's chain and the branch forks. The other way round the line would be cut at each merge.
        var parents = fresh.Values.SelectMany(static n => n.Parents).ToHashSet(StringComparer.Ordinal);
        foreach (var start in fresh.Values.Where(n => !parents.Contains(n.Sha)).Concat(fresh.Values))
        {
            // A cycle cannot come from git; from a source that lies it ends here.
            for (CommitNode? node = start; node is not null && done.Add(node.Sha); node = node.Parents.IsEmpty ? null : fresh.GetValueOrDefault(node.Parents[0])) path.Push(node);
            while (path.TryPop(out var next)) order.Add(next);
        }
        return order;
    }

    private void Place(LineGraph graph, CommitNode node, HashSet<Chain> touched)
    {
        string? parentSha = node.Parents.IsEmpty ? null : node.Parents[0];
        var parent = parentSha is null ? null : map.Find(graph.Repository, parentSha);
        Chain chain;
        if (parent is { } point && graph.Chain(point.Chain) is var line && line.Last == point.Position)
        {
            chain = line;
            chain.Last++;
        }
        else
        {
            chain = graph.Add(new Chain { Id = graph.NextId(), ParentSha = parentSha, Parent = parent });
            if (parentSha is not null && parent is null) index.Put(LineKeys.Waiting(graph.Repository, parentSha, $"c {chain.Id}"), "");
        }
        touched.Add(chain);
        map.Put(graph.Repository, node.Sha, new ChainPoint(chain.Id, chain.Last), node.CommittedAt);
    }

    private void Merge(LineGraph graph, string sha, string other)
    {
        if (map.Find(graph.Repository, other) is not { } point)
        {
            index.Put(LineKeys.Waiting(graph.Repository, other, $"m {sha}"), "");
            return;
        }
        var edge = new MergeEdge(map.Find(graph.Repository, sha)!.Value, point);
        graph.Add(edge);
        index.Put(LineKeys.Merge(graph.Repository, sha, other), LineMap.MergeValue(edge));
    }

    private async ValueTask JoinAsync(LineGraph graph, string sha, string waiting)
    {
        index.Remove(waiting);
        string who = LineKeys.Last(waiting);
        if (who[0] == 'm')
        {
            string merge = who[2..];
            await map.LoadAsync(graph.Repository, [merge]).ConfigureAwait(false);
            Merge(graph, merge, sha);
            Joined.Add((graph.Repository, merge, true));
            return;
        }
        var upper = graph.Chain(int.Parse(who.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));
        string first = (await map.ShaAtAsync(graph.Repository, new ChainPoint(upper.Id, upper.First)).ConfigureAwait(false))!;
        var point = map.Find(graph.Repository, sha)!.Value;
        var lower = graph.Chain(point.Chain);
        upper.Parent = point;
        Joined.Add((graph.Repository, first, false));
        if (lower.Last != point.Position || lower == upper || (upper.Length > LongestMove && lower.Length > LongestMove))
        {
            graph.Forget();
            map.Save(graph.Repository, upper);
        }
        else if (upper.Length <= lower.Length)
        {
            Seams.Add((graph.Repository, first));
            long delta = lower.Last + 1 - upper.First;
            lower.Last += upper.Length;
            await map.MoveAsync(graph, upper, lower, delta).ConfigureAwait(false);
            map.Save(graph.Repository, lower);
        }
        else
        {
            Seams.Add((graph.Repository, first));
            long delta = upper.First - 1 - lower.Last;
            (upper.Parent, upper.ParentSha) = (lower.Parent, lower.ParentSha);
            if (lower.ParentSha is { } missing && lower.Parent is null)
            {
                index.Remove(LineKeys.Waiting(graph.Repository, missing, $"c {lower.Id}"));
                index.Put(LineKeys.Waiting(graph.Repository, missing, $"c {upper.Id}"), "");
            }
            upper.First -= lower.Length;
            await map.MoveAsync(graph, lower, upper, delta).ConfigureAwait(false);
            map.Save(graph.Repository, upper);
        }
    }
}
