namespace ClosedLoop.Lines;

/// <summary>
/// One landing of a change and the commits for which it speaks: from its commit on, on every chain that contains it, up to the commit
/// that took it away. Landing again after that is another epoch.
/// </summary>
internal sealed class Epoch
{
    private readonly Dictionary<int, (long From, long To)> _region;

    private Epoch(EffectPoint landing, EffectPoint? removedBy, Dictionary<int, (long From, long To)> region)
    {
        Landing = landing;
        RemovedBy = removedBy;
        _region = region;
    }

    public EffectPoint Landing { get; }

    /// <summary>The first commit that took it away, on any chain.</summary>
    public EffectPoint? RemovedBy { get; }

    /// <summary>Per chain, the first position that has the change and the first one that does not any more.</summary>
    public IReadOnlyDictionary<int, (long From, long To)> Region => _region;

    /// <summary>A landing whose place is not known yet: of it only its own commit is known to have the change.</summary>
    public static Epoch Unplaced(string sha, Effect effect) => new(new EffectPoint(sha, default, effect), null, []);

    public bool Has(string sha, ChainPoint? commit) => sha == Landing.Sha || (commit is { } point && Has(point));

    public bool Has(ChainPoint commit) => _region.TryGetValue(commit.Chain, out var part) && commit.Position >= part.From && commit.Position < part.To;

    /// <summary>The epochs of a change in one repository; pure.</summary>
    public static List<Epoch> Of(LineGraph graph, IReadOnlyCollection<EffectPoint> effects)
    {
        var landings = effects.Where(static e => e.Effect.Adds).ToList();
        var removals = effects.Where(static e => !e.Effect.Adds).ToList();
        var epochs = new List<Epoch>();
        foreach (var landing in landings)
        {
            bool isOver = landings.Exists(l => l != landing && l.Effect.Branch == landing.Effect.Branch && graph.Contains(l.Point, landing.Point) && RemovedBetween(landing, l));
            bool isAgain = landings.Exists(l => l != landing && graph.Contains(landing.Point, l.Point) && !RemovedBetween(l, landing));
            if (isOver || isAgain) continue;
            var after = removals.FindAll(r => graph.Contains(r.Point, landing.Point));
            var region = new Dictionary<int, (long From, long To)>();
            foreach (var (chain, from) in graph.Entries(landing.Point))
            {
                long to = long.MaxValue;
                foreach (var removal in after)
                    if (graph.Entries(removal.Point).TryGetValue(chain, out long gone) && gone < to)
                        to = gone;
                if (from < to) region[chain] = (from, to);
            }
            epochs.Add(new Epoch(landing, after.OrderBy(static r => r.Effect.At).ThenBy(static r => r.Sha, StringComparer.Ordinal).FirstOrDefault(), region));
        }
        return epochs;

        bool RemovedBetween(EffectPoint first, EffectPoint second) =>
            removals.Exists(r => graph.Contains(r.Point, first.Point) && graph.Contains(second.Point, r.Point) && r.Point != second.Point);
    }
}
