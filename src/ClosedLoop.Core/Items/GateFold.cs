using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>Folds the evidence for one gate. Pure: no evidence is never a pass, and nothing unknown is read as success.</summary>
internal static class GateFold
{
    /// <param name="gate">The gate.</param>
    /// <param name="shared">Facts that count for every change.</param>
    /// <param name="change">The change, if there is one.</param>
    /// <param name="landing">What the lines say of the landing.</param>
    /// <param name="previous">The gate before; the default before the first.</param>
    /// <param name="scratch">Lists to work with.</param>
    public static GateDraft Fold(GateDefinition gate, List<Fact> shared, ChangeScope? change, LandingCoverage? landing, in GateDraft previous, FoldScratch scratch)
    {
        var evidence = new GateEvidence(gate, change, landing, scratch.Accepted);
        evidence.Collect(shared, previous);
        if (change is not null) evidence.Collect(change.Facts, previous);
        var covered = landing?.Gates.GetValueOrDefault(gate.Name) ?? [];
        for (int i = 0; i < covered.Count; i++) scratch.Accepted.Add(covered[i].Fact);
        var view = scratch.Accepted.Count == 0 ? evidence.Missing(previous) : Decide(gate, scratch.Accepted, scratch.Spoken);
        if (view.Status == GateStatus.Passed && view.Reason == Reason.None)
            view.Reason = view.Revision is { } revision && change is not null && IsCommit(revision) && gate.Name != Gates.PrOpened && !IsExact(gate, change, revision) ? Reason.CoveredBy : Reason.Exact;
        CoverageFold.Explain(ref view, covered);
        view.RefusedWriters = evidence.RefusedWriters;
        return view;
    }

    /// <summary>What facts about one thing, such as a commit, say of a gate by themselves: those that the gate listens to, from writers that it accepts.</summary>
    public static GateView Of(GateDefinition gate, List<Fact> facts) => Decide(gate, [.. facts], []).ToView();

    /// <summary>An item with several changes is through a gate when each of them is.</summary>
    public static GateDraft CombineChanges(List<GateDraft[]> changes, int gate, string what)
    {
        int holding = 0;
        var (failed, running, waiting, passed) = (-1, -1, -1, -1);
        for (int i = 0; i < changes.Count; i++)
        {
            ref var view = ref changes[i][gate];
            if (view.Holds) holding++;
            if (view.Status == GateStatus.Failed && failed < 0) failed = i;
            if (view.Status == GateStatus.Running && running < 0) running = i;
            if (view.Status == GateStatus.Waiting && waiting < 0) waiting = i;
            if (view.Status == GateStatus.Passed && (passed < 0 || view.Since > changes[passed][gate].Since)) passed = i;
        }
        var decisive = changes[failed >= 0 ? failed : running >= 0 ? running : waiting >= 0 ? waiting : Math.Max(passed, 0)][gate];
        if (holding == changes.Count || holding == 0 || decisive.Status == GateStatus.Failed) return decisive;
        string missing = $"{holding} of {changes.Count} {what}";
        return decisive with { Reason = Reason.Partial, Detail = decisive.Detail is null ? missing : $"{missing}; {decisive.Detail}" };
    }

    private static bool IsExact(GateDefinition gate, ChangeScope change, string revision) =>
        gate.Name is Gates.Reviewed or Gates.Merged || change.View.Landings.Length == 0 || change.IsLanding(revision);

    private static bool IsCommit(string revision) => revision.Length is 40 or 64 && !revision.Contains(':', StringComparison.Ordinal);

    // What a person decides by hand stands above the machines' evidence, and always carries the person's name. Only a pass recorded by
    // hand gives way, to a failure that came after it: a newer negative fact always counts.
    private static GateDraft Decide(GateDefinition gate, List<Fact> facts, List<Fact> spoken)
    {
        if (DecidedByPerson(facts) is not { } decision) return Combine(gate, facts, spoken);
        var decided = View(gate, decision, decision.Status);
        // Whatever reason the person gave: that it was by hand must show.
        if (decision.Status == GateStatus.NotApplicable) decided.Reason = Reason.Waived;
        if (decision.Status != GateStatus.Passed) return decided;
        decided.Reason = Reason.Recorded;
        facts.RemoveAll(static f => f.Writer.Role == WriterRoles.Person);
        if (facts.Count == 0) return decided;
        var seen = Combine(gate, facts, spoken);
        return seen.Status == GateStatus.Failed && seen.Since > decided.Since ? seen : decided;
    }

    private static Fact? DecidedByPerson(List<Fact> facts)
    {
        Fact? newest = null;
        foreach (var fact in facts)
            if (fact.Writer.Role == WriterRoles.Person && fact.Status is not (GateStatus.Waiting or GateStatus.Running))
                newest = GateTally.Newer(newest, fact);
        return newest;
    }

    private static GateDraft Combine(GateDefinition gate, List<Fact> facts, List<Fact> series)
    {
        GateSeries.Group(facts, series);
        bool partsCount = gate.Rule == GateRule.Named;
        var missing = partsCount ? KeepNamed(gate, series) : null;
        var tally = GateTally.Of(series, partsCount);
        if (missing is not null) return Incomplete(gate, tally, missing);
        int needed = partsCount ? gate.Names.Length : gate.AtLeast;
        if (gate.Rule == GateRule.Any && tally.PassedCount >= needed) return View(gate, PassedAt(series, needed), GateStatus.Passed);
        if (tally.Failed is { } failure && (gate.Rule != GateRule.Any || tally.Running is null)) return View(gate, failure, GateStatus.Failed);
        if (tally.Running is { } running) return View(gate, running, GateStatus.Running);
        if (tally.Undecided is { } undecided && tally.PassedCount > 0 && gate.Rule is GateRule.All or GateRule.Named) return Undecided(gate, undecided, tally.PassedCount, series.Count);
        // A named check that does not apply needs no pass; that there was one for each of the others is known by now.
        if (tally.Passed is { } passed && (partsCount || tally.PassedCount >= needed)) return View(gate, passed, GateStatus.Passed);
        if (tally.Passed is { } some) return View(gate, some, GateStatus.Waiting) with { Reason = Reason.Partial, Detail = $"{tally.PassedCount} of {needed}" };
        if (tally.PassedPart is { } part)
            return View(gate, part, GateStatus.Running) with { Reason = Reason.Partial, Detail = $"{part.Name ?? "a part"} passed; no verdict for the whole yet" };
        if (tally.Undecided is null && tally.Exempt is { } exempt) return View(gate, exempt, GateStatus.NotApplicable);
        return tally.Waiting is { } waiting ? View(gate, waiting, GateStatus.Waiting) : new GateDraft(gate.Name);
    }

    // Leaves the series that the gate names, and says which of those are not there.
    private static List<string>? KeepNamed(GateDefinition gate, List<Fact> series)
    {
        series.RemoveAll(f => f.Name is null || !gate.Names.Contains(f.Name, StringComparer.Ordinal));
        List<string>? missing = null;
        foreach (string name in gate.Names)
            if (!series.Exists(f => f.Name == name)) (missing ??= []).Add(name);
        return missing;
    }

    private static GateDraft Incomplete(GateDefinition gate, in GateTally tally, List<string> missing)
    {
        if (tally.Failed is { } failed) return View(gate, failed, GateStatus.Failed);
        string detail = $"no evidence yet from {string.Join(", ", missing)}";
        return tally.Newest is { } newest
            ? View(gate, newest, GateStatus.Running) with { Reason = Reason.Partial, Detail = detail }
            : new GateDraft(gate.Name) { Detail = detail };
    }

    private static GateDraft Undecided(GateDefinition gate, Fact fact, int passed, int known)
    {
        string what = fact.Detail ?? $"{fact.Name ?? fact.Subject.ToString()} has no verdict";
        return View(gate, fact, GateStatus.Waiting) with { Reason = fact.Reason == Reason.None ? Reason.Partial : fact.Reason, Detail = $"{passed} of {known} passed; {what}" };
    }

    // The pass with which there were enough.
    private static Fact PassedAt(List<Fact> series, int needed)
    {
        if (series.Count == 1) return series[0];
        var passed = series.FindAll(static f => f.Status == GateStatus.Passed && !f.IsPartial);
        passed.Sort(GateTally.InTime);
        return passed[needed - 1];
    }

    private static GateDraft View(GateDefinition gate, Fact fact, GateStatus status) => new(gate.Name)
    {
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
