using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>Folds the evidence for one gate. Pure: no evidence is never a pass, and nothing unknown is read as success.</summary>
internal static class GateFold
{
    public static GateView Fold(GateDefinition gate, IReadOnlyList<Fact> shared, ChangeScope? change, LandingCoverage? landing, GateView? previous)
    {
        List<Fact>? accepted = null;
        SortedSet<Writer>? refused = null;
        bool early = false, elsewhere = false, pending = false;
        var covered = landing?.Gates.GetValueOrDefault(gate.Name) ?? [];
        Collect(shared);
        if (change is not null) Collect(change.Facts);
        foreach (var fact in covered) (accepted ??= []).Add(fact.Fact);
        GateView view;
        if (accepted is null)
        {
            view = new GateView { Gate = gate.Name };
            if (pending) view = view with { Reason = Reason.Inconclusive, Detail = "its place on the line is not known yet" };
            else if (early) view = view with { Reason = Reason.Inconclusive, Detail = $"evidence from before {previous!.Gate} does not count" };
            else if (elsewhere) view = view with { Reason = Reason.Inconclusive, Detail = $"evidence only for other environments than {string.Join(", ", gate.Environments)}" };
        }
        else
        {
            view = Decide(gate, accepted);
            if (view.Status == GateStatus.Passed && view.Reason == Reason.None)
                view = view with { Reason = view.Revision is { } revision && change is not null && IsCommit(revision) && gate.Name != Gates.PrOpened && !IsExact(gate, change, revision) ? Reason.CoveredBy : Reason.Exact };
        }
        view = CoverageFold.Explain(view, covered);
        return refused is null ? view : view with { RefusedWriters = [.. refused] };

        void Collect(IReadOnlyList<Fact> facts)
        {
            foreach (var fact in facts)
            {
                if (!gate.ListensTo(fact.Kind)) continue;
                // What is about a commit of a known line counts by what that commit contains, not by its links.
                if (landing is { IsLocated: true } && gate.Coverage != GateCoverage.Exact && change!.Coverage.Indexed.Contains(fact.Register)) continue;
                if (!gate.Accepts(fact.Writer))
                {
                    (refused ??= []).Add(fact.Writer);
                    continue;
                }
                // What else runs there cannot be compared with a landing whose place is not known yet.
                if (landing is { IsPending: true } && gate.Coverage == GateCoverage.Level && fact.Status == GateStatus.Passed && fact.Writer.Role != WriterRoles.Person)
                {
                    pending = true;
                    continue;
                }
                if (!gate.Environments.IsDefaultOrEmpty && fact.Environment is { } environment && !gate.Environments.Contains(environment, StringComparer.OrdinalIgnoreCase))
                {
                    elsewhere = true;
                    continue;
                }
                if (gate.BoundToHead && change?.View.Head is { } head && fact.Revision is { } about && about != head) continue;
                // While the preceding gate does not hold, a failure is still worth showing; a pass would be of what ran before.
                if (gate.AfterPrevious && fact.Writer.Role != WriterRoles.Person &&
                    (previous is { Holds: true } ? fact.OccurredAt < previous.Since : fact.Status == GateStatus.Passed))
                {
                    early = true;
                    continue;
                }
                (accepted ??= []).Add(fact);
            }
        }
    }

    /// <summary>What facts about one thing, such as a commit, say of a gate by themselves: those that the gate listens to, from writers that it accepts.</summary>
    public static GateView Of(GateDefinition gate, List<Fact> facts) => Decide(gate, facts);

    /// <summary>An item with several changes is through a gate when each of them is.</summary>
    public static GateView CombineChanges(IReadOnlyList<GateView> changes, string what)
    {
        int holding = changes.Count(static v => v.Holds);
        var decisive = changes.FirstOrDefault(static v => v.Status == GateStatus.Failed)
            ?? changes.FirstOrDefault(static v => v.Status == GateStatus.Running)
            ?? changes.FirstOrDefault(static v => v.Status == GateStatus.Waiting)
            ?? changes.Where(static v => v.Status == GateStatus.Passed).MaxBy(static v => v.Since)
            ?? changes[0];
        if (holding == changes.Count || holding == 0 || decisive.Status == GateStatus.Failed) return decisive;
        string missing = $"{holding} of {changes.Count} {what}";
        return decisive with { Reason = Reason.Partial, Detail = decisive.Detail is null ? missing : $"{missing}; {decisive.Detail}" };
    }

    private static bool IsExact(GateDefinition gate, ChangeScope change, string revision) =>
        gate.Name is Gates.Reviewed or Gates.Merged || change.View.Landings.Count == 0 || change.IsLanding(revision);

    private static bool IsCommit(string revision) => revision.Length is 40 or 64 && !revision.Contains(':', StringComparison.Ordinal);

    // What a person decides by hand stands above the machines' evidence, and always carries the person's name. Only a pass recorded by
    // hand gives way, to a failure that came after it: a newer negative fact always counts.
    private static GateView Decide(GateDefinition gate, List<Fact> facts)
    {
        if (DecidedByPerson(gate, facts) is not { } decided) return Combine(gate, GateSeries.Group(facts));
        if (decided.Status != GateStatus.Passed) return decided;
        facts = facts.FindAll(static f => f.Writer.Role != WriterRoles.Person);
        if (facts.Count == 0) return decided;
        var seen = Combine(gate, GateSeries.Group(facts));
        return seen.Status == GateStatus.Failed && seen.Since > decided.Since ? seen : decided;
    }

    private static GateView? DecidedByPerson(GateDefinition gate, List<Fact> facts)
    {
        var decision = Newest(facts, static f => f.Writer.Role == WriterRoles.Person && f.Status is not (GateStatus.Waiting or GateStatus.Running));
        if (decision is null) return null;
        var view = View(gate, decision, decision.Status);
        // Whatever reason the person gave: that it was by hand must show.
        return view.Status switch
        {
            GateStatus.Passed => view with { Reason = Reason.Recorded },
            GateStatus.NotApplicable => view with { Reason = Reason.Waived },
            _ => view,
        };
    }

    private static GateView Combine(GateDefinition gate, List<Fact> series)
    {
        if (gate.Rule == GateRule.Named)
        {
            series.RemoveAll(f => f.Name is null || !gate.Names.Contains(f.Name, StringComparer.Ordinal));
            var missing = gate.Names.Where(name => !series.Exists(f => f.Name == name)).ToList();
            var failed = Newest(series, GateStatus.Failed);
            if (failed is not null) return View(gate, failed, GateStatus.Failed);
            if (missing.Count > 0)
            {
                string detail = $"no evidence yet from {string.Join(", ", missing)}";
                return series.Count == 0
                    ? new GateView { Gate = gate.Name, Detail = detail }
                    : View(gate, Newest(series, static _ => true)!, GateStatus.Running) with { Reason = Reason.Partial, Detail = detail };
            }
        }
        bool partsCount = gate.Rule == GateRule.Named;
        var undecided = series.FindAll(f => f.Status == GateStatus.Waiting && (partsCount || !f.IsPartial));
        var passed = series.FindAll(f => f.Status == GateStatus.Passed && (partsCount || !f.IsPartial));
        passed.Sort(InTime);
        int needed = partsCount ? gate.Names.Length : gate.AtLeast;
        if (gate.Rule == GateRule.Any && passed.Count >= needed) return View(gate, passed[needed - 1], GateStatus.Passed);
        if (Newest(series, GateStatus.Failed) is { } failure && (gate.Rule != GateRule.Any || Newest(series, GateStatus.Running) is null)) return View(gate, failure, GateStatus.Failed);
        if (Newest(series, GateStatus.Running) is { } running) return View(gate, running, GateStatus.Running);
        if (undecided.Count > 0 && passed.Count > 0 && gate.Rule is GateRule.All or GateRule.Named) return Undecided(gate, Newest(undecided, GateStatus.Waiting)!, passed.Count, series.Count);
        // A named check that does not apply needs no pass; that there was one for each of the others is known by now.
        if (partsCount && passed.Count > 0) return View(gate, passed[^1], GateStatus.Passed);
        if (passed.Count >= needed) return View(gate, passed[^1], GateStatus.Passed);
        if (passed.Count > 0) return View(gate, passed[^1], GateStatus.Waiting) with { Reason = Reason.Partial, Detail = $"{passed.Count} of {needed}" };
        if (Newest(series, GateStatus.Passed) is { } part)
            return View(gate, part, GateStatus.Running) with { Reason = Reason.Partial, Detail = $"{part.Name ?? "a part"} passed; no verdict for the whole yet" };
        if (undecided.Count == 0 && Newest(series.FindAll(f => partsCount || !f.IsPartial), GateStatus.NotApplicable) is { } exempt) return View(gate, exempt, GateStatus.NotApplicable);
        return Newest(series, GateStatus.Waiting) is { } waiting ? View(gate, waiting, GateStatus.Waiting) : new GateView { Gate = gate.Name };
    }

    private static GateView Undecided(GateDefinition gate, Fact fact, int passed, int known)
    {
        string what = fact.Detail ?? $"{fact.Name ?? fact.Subject.ToString()} has no verdict";
        return View(gate, fact, GateStatus.Waiting) with { Reason = fact.Reason == Reason.None ? Reason.Partial : fact.Reason, Detail = $"{passed} of {known} passed; {what}" };
    }

    private static Fact? Newest(List<Fact> series, GateStatus status) => Newest(series, f => f.Status == status);

    private static Fact? Newest(List<Fact> series, Predicate<Fact> which)
    {
        Fact? newest = null;
        foreach (var fact in series)
            if (which(fact) && (newest is null || InTime(fact, newest) > 0))
                newest = fact;
        return newest;
    }

    // Of one moment, by what the series is and not by which run of it speaks: that changes without concerning who waits for it.
    private static int InTime(Fact one, Fact other)
    {
        int order = one.OccurredAt.UtcTicks.CompareTo(other.OccurredAt.UtcTicks);
        if (order == 0) order = string.CompareOrdinal(one.Environment, other.Environment);
        if (order == 0) order = string.CompareOrdinal(one.Name, other.Name);
        return order == 0 ? one.Register.CompareTo(other.Register) : order;
    }

    private static GateView View(GateDefinition gate, Fact fact, GateStatus status) => new()
    {
        Gate = gate.Name,
        Status = status,
        Reason = fact.Reason,
        Detail = fact.Detail,
        Writer = fact.Writer,
        Since = fact.OccurredAt,
        Evidence = fact.Evidence,
        Subject = fact.Subject,
        Revision = fact.Revision,
    };
}
