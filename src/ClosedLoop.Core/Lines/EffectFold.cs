using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Works out from facts what a commit does to which changes: landings, reverts, reverts of reverts, cherry-picks. Pure.</summary>
internal static class EffectFold
{
    private const int MaxDepth = 32;

    /// <summary>The commits and pull requests that a subject's reverts and equivalences name.</summary>
    public static IEnumerable<Key> NamedBy(Key subject, FactGraph graph) => graph.FactsOf(subject).SelectMany(Named);

    public static IEnumerable<Key> Named(Fact fact) => fact.Kind switch
    {
        FactKinds.Revert => Parse(fact.Attribute(FactAttributes.Reverts)),
        FactKinds.Equivalent => Parse(fact.Attribute(FactAttributes.EquivalentTo)),
        _ => [],
    };

    /// <summary>What a commit does.</summary>
    public static Dictionary<Key, Effect> Of(Key commit, FactGraph graph)
    {
        var facts = graph.FactsOf(commit).OrderBy(static f => f.Register).ToList();
        var landing = facts.Find(static f => f.Kind == FactKinds.Landing);
        string? branch = facts.Where(static f => f.Kind is FactKinds.Landing or FactKinds.Equivalent or FactKinds.Revert).Select(static f => f.Attribute(FactAttributes.Branch)).FirstOrDefault(static b => b is not null);
        var effects = new Dictionary<Key, Effect>();
        foreach (var (change, sign) in Signs(commit, graph, [], 0).OrderBy(static s => s.Key))
        {
            // What the commit says of itself: a landing that is also an equivalence is a landing.
            var speaker = Speaker(sign, landing, facts);
            string how = speaker?.Kind == FactKinds.Landing ? Effect.Landing : speaker?.Attribute(FactAttributes.How) ?? Effect.Landing;
            effects[change] = new Effect(sign > 0, how, branch, (speaker ?? landing)?.OccurredAt ?? DateTimeOffset.UnixEpoch);
        }
        return effects;
    }

    private static Fact? Speaker(int sign, Fact? landing, List<Fact> facts)
    {
        if (sign > 0) return landing ?? facts.Find(static f => f.Kind == FactKinds.Equivalent) ?? facts.Find(static f => f.Kind == FactKinds.Revert);
        // A revert that says so is a revert, also when somebody else took it for a loss.
        return facts.Where(static f => f.Kind == FactKinds.Revert).OrderBy(static f => f.Attribute(FactAttributes.How) == Effect.Lost).FirstOrDefault()
            ?? facts.Find(static f => f.Kind == FactKinds.Equivalent) ?? landing;
    }

    // A pull request is asked for as what lands at a commit, or as what somebody undoes or repeats.
    private static Dictionary<Key, int> Signs(Key subject, FactGraph graph, HashSet<Key> path, int depth, Key? landsAt = null)
    {
        var signs = new Dictionary<Key, int>();
        if (depth > MaxDepth || !path.Add(subject)) return signs;
        if (subject.Is(KeySchemes.PullRequest))
        {
            Set(signs, subject, 1);
            // What it undoes may be said of the pull request, or in the message of the commit by which it landed.
            foreach (var landing in graph.ChildrenOf(subject).Where(graph.IsLanding)) Say(landing, saysLosses: landsAt is null || landing == landsAt);
        }
        else if (graph.IsLanding(subject))
        {
            var changes = graph.ParentsOf(subject).Where(static p => p.Is(KeySchemes.PullRequest)).ToList();
            if (changes.Count == 0) Set(signs, subject, 1);
            foreach (var change in changes) Merge(signs, Signs(change, graph, path, depth + 1, landsAt: subject), 1);
        }
        Say(subject, saysLosses: true);
        path.Remove(subject);
        return signs;

        // Reverting is meant, and done wherever the change lands; a loss befell the one commit.
        void Say(Key speaker, bool saysLosses)
        {
            foreach (var fact in graph.FactsOf(speaker).Where(f => saysLosses || f.Attribute(FactAttributes.How) != Effect.Lost))
                foreach (var target in Named(fact))
                    Merge(signs, Signs(target, graph, path, depth + 1), fact.Kind == FactKinds.Revert ? -1 : 1);
        }
    }

    private static void Merge(Dictionary<Key, int> into, Dictionary<Key, int> from, int factor)
    {
        foreach (var (change, sign) in from) Set(into, change, sign * factor);
    }

    // In doubt it is gone: nothing uncertain is claimed.
    private static void Set(Dictionary<Key, int> signs, Key change, int sign) =>
        signs[change] = signs.TryGetValue(change, out int known) ? Math.Min(known, sign) : sign;

    private static IEnumerable<Key> Parse(string? text)
    {
        if (text is null) yield break;
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (Key.TryParse(part, out var key) && (key.Is(KeySchemes.Commit) || key.Is(KeySchemes.PullRequest)))
                yield return key;
    }
}
