using System.Globalization;

namespace ClosedLoop.Lines;

/// <summary>The repositories' skeletons and the places of the commits that a batch speaks of, read when they are asked for.</summary>
/// <param name="index">Where they are read and written.</param>
/// <param name="graphs">Skeletons that were read before; what the batch adds to lines is added to them.</param>
internal sealed class LineMap(LineIndex index, Dictionary<string, LineGraph> graphs)
{
    // Per repository: there is one mostly.
    private readonly Dictionary<string, Dictionary<string, ChainPoint?>> _places = new(StringComparer.Ordinal);

    public async ValueTask<LineGraph> GraphAsync(string repository)
    {
        if (graphs.TryGetValue(repository, out var known)) return known;
        var graph = new LineGraph(repository);
        var rows = await index.ScanAsync([LineKeys.Under(LineKeys.Chains(repository)), LineKeys.Under(LineKeys.Merges(repository))]).ConfigureAwait(false);
        foreach (var row in rows[0]) graph.Add(ReadChain(int.Parse(LineKeys.Last(row.Key), NumberStyles.None, CultureInfo.InvariantCulture), row.Value));
        foreach (var row in rows[1])
        {
            string[] value = row.Value.Split('\t');
            graph.Add(new MergeEdge(new ChainPoint((int)Number(value[0]), Number(value[1])), new ChainPoint((int)Number(value[2]), Number(value[3]))));
        }
        return graphs[repository] = graph;
    }

    /// <summary>One chain, found without the rest of the skeleton.</summary>
    public async ValueTask<Chain> ChainAsync(string repository, int id) =>
        graphs.TryGetValue(repository, out var known) ? known.Chain(id) : ReadChain(id, (await index.FindAsync(LineKeys.Chain(repository, id)).ConfigureAwait(false))!);

    /// <summary>The chain in which a commit's known first-parent history begins: found without the rest of the skeleton.</summary>
    public async ValueTask<Chain> BottomAsync(string repository, ChainPoint commit)
    {
        for (int id = commit.Chain; ;)
        {
            var chain = await ChainAsync(repository, id).ConfigureAwait(false);
            if (chain.Parent is not { } parent) return chain;
            id = parent.Chain;
        }
    }

    public ValueTask LoadAsync(string repository, IEnumerable<string> shas)
    {
        var places = PlacesOf(repository);
        List<string>? wanted = null;
        foreach (string sha in shas)
            if (!places.ContainsKey(sha))
                (wanted ??= []).Add(sha);
        return wanted is null ? default : ReadAsync(repository, places, wanted);
    }

    public ValueTask<ChainPoint?> LocateAsync(string repository, string sha)
    {
        var places = PlacesOf(repository);
        return places.TryGetValue(sha, out var known) ? new(known) : LocateAsync();

        async ValueTask<ChainPoint?> LocateAsync()
        {
            await ReadAsync(repository, places, [sha]).ConfigureAwait(false);
            return places[sha];
        }
    }

    /// <summary>The place of a commit that was loaded before.</summary>
    public ChainPoint? Find(string repository, string sha) => PlacesOf(repository).GetValueOrDefault(sha);

    public void Put(string repository, string sha, ChainPoint point, DateTimeOffset? committedAt = null)
    {
        PlacesOf(repository)[sha] = point;
        index.Put(LineKeys.Node(repository, sha), string.Create(CultureInfo.InvariantCulture, $"{point.Chain}\t{point.Position}\t{committedAt?.UtcTicks}"));
        index.Put(LineKeys.At(repository, point), sha);
    }

    public void Save(string repository, Chain chain) => index.Put(
        LineKeys.Chain(repository, chain.Id),
        string.Create(CultureInfo.InvariantCulture, $"{chain.First}\t{chain.Last}\t{chain.ParentSha}\t{chain.Parent?.Chain}\t{chain.Parent?.Position}"));

    public async ValueTask<string?> ShaAtAsync(string repository, ChainPoint point) => await index.FindAsync(LineKeys.At(repository, point)).ConfigureAwait(false);

    /// <summary>Moves a chain onto the end of another one, or below it, so that a healed gap leaves no fork.</summary>
    public async ValueTask MoveAsync(LineGraph graph, Chain source, Chain target, long delta)
    {
        string repo = graph.Repository;
        var rows = await index.ScanAsync(
            [LineKeys.Under(LineKeys.Places(repo, source.Id)), LineKeys.Under(LineKeys.EffectsByPlace(repo, source.Id)), LineKeys.Under(LineKeys.Marks(repo, source.Id)), LineKeys.Under(LineKeys.Merges(repo)), LineKeys.Under(LineKeys.RemovalsByPlace(repo, source.Id)), LineKeys.Under(LineKeys.Concerns(repo, source.Id))]).ConfigureAwait(false);
        var times = await index.FindAsync(rows[0].Select(r => LineKeys.Node(repo, r.Value))).ConfigureAwait(false);
        foreach (var row in rows[0])
        {
            index.Remove(row.Key);
            string[] node = times[LineKeys.Node(repo, row.Value)].Split('\t');
            DateTimeOffset? at = node[2].Length == 0 ? null : new DateTimeOffset(Number(node[2]), TimeSpan.Zero);
            Put(repo, row.Value, Moved(new ChainPoint(source.Id, Number(node[1]))), at);
        }
        foreach (var row in rows[1].Concat(rows[4]))
        {
            string[] key = row.Key.Split('\t');
            index.Remove(row.Key);
            index.Put($"{key[0]}\t{repo}\t{target.Id}\t{LineKeys.Position(LineKeys.ReadPosition(key[3]) + delta)}\t{key[4]}", row.Value);
        }
        foreach (var row in rows[2])
        {
            string[] key = row.Key.Split('\t');
            index.Remove(row.Key);
            key[2] = target.Id.ToString(CultureInfo.InvariantCulture);
            key[^1] = LineKeys.Position(LineKeys.ReadPosition(key[^1]) + delta);
            index.Put(string.Join('\t', key), row.Value);
        }
        foreach (var row in rows[5])
        {
            string[] key = row.Key.Split('\t');
            index.Remove(row.Key);
            index.Put($"{LineKeys.Concerns(repo, target.Id)}{MovedEnd(key[3])}\t{MovedEnd(key[4])}\t{key[5]}\t{key[6]}", "");
        }
        foreach (var row in rows[3])
        {
            string[] value = row.Value.Split('\t');
            var at = Moved(new ChainPoint((int)Number(value[0]), Number(value[1])));
            var other = Moved(new ChainPoint((int)Number(value[2]), Number(value[3])));
            index.Put(row.Key, MergeValue(new MergeEdge(at, other)));
        }
        graph.Replace(m => m.At.Chain == source.Id || m.Other.Chain == source.Id, m => new MergeEdge(Moved(m.At), Moved(m.Other)));
        foreach (var chain in graph.Chains)
        {
            if (chain.Parent is not { } parent || parent.Chain != source.Id) continue;
            chain.Parent = Moved(parent);
            Save(repo, chain);
        }
        index.Remove(LineKeys.Chain(repo, source.Id));
        graph.Remove(source.Id);

        // An end that is open stays open.
        string MovedEnd(string position) => LineKeys.ReadPosition(position) is var end && Math.Abs(end) < 500_000_000_000 ? LineKeys.Position(end + delta) : position;

        ChainPoint Moved(ChainPoint point) => point.Chain == source.Id ? new ChainPoint(target.Id, point.Position + delta) : point;
    }

    public static string MergeValue(MergeEdge edge) =>
        string.Create(CultureInfo.InvariantCulture, $"{edge.At.Chain}\t{edge.At.Position}\t{edge.Other.Chain}\t{edge.Other.Position}");

    private async ValueTask ReadAsync(string repository, Dictionary<string, ChainPoint?> places, List<string> wanted)
    {
        var found = await index.FindAsync(wanted.Select(sha => LineKeys.Node(repository, sha))).ConfigureAwait(false);
        foreach (string sha in wanted) places[sha] = found.TryGetValue(LineKeys.Node(repository, sha), out string? value) ? ReadPlace(value) : null;
    }

    private Dictionary<string, ChainPoint?> PlacesOf(string repository) =>
        _places.TryGetValue(repository, out var places) ? places : _places[repository] = new Dictionary<string, ChainPoint?>(StringComparer.Ordinal);

    private static Chain ReadChain(int id, string text)
    {
        string[] value = text.Split('\t');
        return new Chain
        {
            Id = id,
            First = Number(value[0]),
            Last = Number(value[1]),
            ParentSha = value[2].Length == 0 ? null : value[2],
            Parent = value[3].Length == 0 ? null : new ChainPoint((int)Number(value[3]), Number(value[4])),
        };
    }

    private static ChainPoint ReadPlace(string value)
    {
        int first = value.IndexOf('\t', StringComparison.Ordinal), second = value.IndexOf('\t', first + 1);
        return new ChainPoint((int)Number(value.AsSpan(0, first)), Number(value.AsSpan(first + 1, second - first - 1)));
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
