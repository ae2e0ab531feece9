using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Items;

/// <summary>The facts of one change: its own, and those of its reviews, landings, builds, images and deployments.</summary>
internal sealed class ChangeScope
{
    private ChangeScope(List<Fact> facts) => Facts = facts;

    public required ChangeDraft View { get; init; }

    /// <summary>What is said of each of its landings, also of those that were landed again.</summary>
    public List<Fact> LandingFacts { get; } = new(1);

    /// <summary>The facts that count for every change of the item; set by the item's scope.</summary>
    public List<Fact> SharedFacts { get; set; } = SubjectRegisters.NoFacts;

    /// <summary>What the lines say of it; set before the fold.</summary>
    public ChangeCoverage Coverage { get; set; } = ChangeCoverage.None;

    /// <summary>All facts, in register order, so that a fold never depends on the order of arrival.</summary>
    public List<Fact> Facts { get; }

    public static ChangeScope Collect(Key change, FactGraph graph, FoldScratch scratch)
    {
        var at = graph.Of(change);
        var own = at.Facts;
        var (facts, landings, seen) = (scratch.Facts, scratch.Landings, scratch.BelowChange);
        facts.Clear();
        landings.Clear();
        seen.Clear();
        facts.AddRange(own);
        // Before the change's item was known, people could only speak of the stand-in: what they decided stays decided.
        if (change.Is(KeySchemes.PullRequest)) facts.AddRange(graph.RegistersOf(Key.Item(change.ToString())));
        seen.Add(change);
        foreach (var landing in EarlierLandings(at, graph))
        {
            landings.Add(landing);
            seen.Add(landing);
        }
        if (change.Is(KeySchemes.Commit) && at.Has(FactKinds.Landing) && !landings.Contains(change)) landings.Add(change);
        Descend(change, at, graph, scratch);
        landings.Sort();
        facts.Sort(Fact.CompareRegisters);
        var scope = new ChangeScope([.. facts])
        {
            View = new ChangeDraft(change, HeadOf(own), [.. landings], IsAbandoned(own)),
        };
        foreach (var landing in landings)
            foreach (var fact in graph.RegistersOf(landing))
                if (fact.Kind == FactKinds.Landing) scope.LandingFacts.Add(fact);
        scope.LandingFacts.Sort(Fact.CompareRegisters);
        return scope;
    }

    /// <summary>Whether a revision is a landing of this change, so that evidence about it is exact.</summary>
    public bool IsLanding(string revision)
    {
        foreach (var landing in View.Landings)
            if (landing.ValueSpan.EndsWith(revision, StringComparison.OrdinalIgnoreCase) && landing.ValueSpan[..^revision.Length].EndsWith('@'))
                return true;
        return false;
    }

    private static string? HeadOf(List<Fact> own)
    {
        Fact? head = null;
        foreach (var fact in own)
            if (fact.Kind == Gates.PrOpened && fact.Revision is not null && (head is null || fact.Writer.CompareTo(head.Writer) >= 0))
                head = fact;
        return head?.Revision;
    }

    private static bool IsAbandoned(List<Fact> own)
    {
        bool abandoned = false;
        foreach (var fact in own)
        {
            if (fact.Kind == Gates.Merged && fact.Status == GateStatus.Passed) return false;
            abandoned |= fact.Reason == Reason.Abandoned && MayAbandon(fact.Writer);
        }
        return abandoned;
    }

    // Landing again on a branch is a new landing: what was built of the one before says nothing of it.
    private static List<Key> EarlierLandings(SubjectRegisters change, FactGraph graph)
    {
        if (!LandedTwice(change, graph)) return SubjectRegisters.NoKeys;
        return [.. change.Children.Where(graph.IsLanding)
            .Select(landing => (Landing: landing, Fact: graph.RegistersOf(landing).Where(static f => f.Kind == FactKinds.Landing).OrderBy(static f => f.OccurredAt.UtcTicks).ThenBy(static f => f.Register).Last()))
            .GroupBy(static l => l.Fact.Attribute(FactAttributes.Branch), StringComparer.Ordinal)
            .SelectMany(static line => line.OrderBy(static l => l.Fact.OccurredAt.UtcTicks).ThenBy(static l => l.Landing).SkipLast(1))
            .Select(static l => l.Landing)];
    }

    private static bool LandedTwice(SubjectRegisters change, FactGraph graph)
    {
        int landings = 0;
        foreach (var child in change.Children)
            if (graph.IsLanding(child) && ++landings > 1) return true;
        return false;
    }

    // An agent that could drop a change of its own would be done with the rest.
    private static bool MayAbandon(Writer writer) => writer.Role is WriterRoles.SourceControl or WriterRoles.Host or WriterRoles.Person;

    private static void Descend(Key key, SubjectRegisters at, FactGraph graph, FoldScratch scratch)
    {
        foreach (var child in at.Children)
        {
            if (child.Is(KeySchemes.PullRequest) || child.Is(KeySchemes.Item)) continue;
            bool isTarget = child.Is(KeySchemes.Environment), isNew = scratch.BelowChange.Add(child);
            if (!isNew && !isTarget) continue;
            var below = graph.Of(child);
            if (child.Is(KeySchemes.Commit))
            {
                if (!below.Has(FactKinds.Landing)) continue;
                scratch.Landings.Add(child);
            }
            if (isTarget) AddTarget(below.Facts, key, isNew, scratch.Facts);
            else scratch.Facts.AddRange(below.Facts);
            if (isNew) Descend(child, below, graph, scratch);
        }
    }

    // A target speaks of one version after the other, and of each in its own fact: what it says of another one is not about this change.
    // It may be come by more than once, as from the commit and from the image, and each time for what is said of that.
    private static void AddTarget(List<Fact> target, Key version, bool isNew, List<Fact> facts)
    {
        foreach (var fact in target)
            if ((isNew && fact.Links.IsEmpty) || (fact.Links.Contains(version) && (isNew || !facts.Contains(fact))))
                facts.Add(fact);
    }
}
