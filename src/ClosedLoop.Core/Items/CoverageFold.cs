using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>Brings what the lines say of a landing into the views of its gates. Pure.</summary>
internal static class CoverageFold
{
    /// <summary>Adds to a view why its deciding evidence counts.</summary>
    public static GateView Explain(GateView view, IReadOnlyList<CoveredFact> covered)
    {
        foreach (var fact in covered)
        {
            if (fact.Fact.Subject != view.Subject || fact.Fact.Writer != view.Writer || fact.Fact.OccurredAt != view.Since) continue;
            // That a target runs something else is no evidence about this change, only a reason to wait.
            return fact.IsAbsence
                ? new GateView { Gate = view.Gate, Status = view.Status, Reason = view.Reason, Detail = view.Detail }
                : view with { Coverage = fact.Coverage, SettlesAt = fact.SettlesAt };
        }
        return view;
    }

    /// <summary>Applies what does not come from a series: a landing that no longer stands, the lines a gate asks for, baselines, paths.</summary>
    public static GateView Apply(GateDefinition gate, GateView view, ChangeScope? change, LandingCoverage? landing)
    {
        if (gate.ListensTo(Gates.Merged))
        {
            bool asks = landing is { IsLocated: true } && landing.Lines.ContainsKey(gate.Name);
            var (since, gone) = asks ? landing!.Lines[gate.Name] : (null, landing?.Gone);
            if (view.Status != GateStatus.Passed) return view;
            if (gone is not null)
                return view with { Status = GateStatus.Failed, Reason = gone.Reason, Since = gone.Since, Detail = gone.Detail, Revision = gone.Commit.Value[(gone.Commit.Value.LastIndexOf('@') + 1)..] };
            if (!asks || view.Writer?.Role == WriterRoles.Person) return view;
            return since is null
                ? new GateView { Gate = gate.Name, Detail = $"not on {string.Join(", ", gate.Lines)} yet", RefusedWriters = view.RefusedWriters }
                : view with { Since = since > view.Since ? since : view.Since };
        }
        if (change is null) return view;
        // What a later commit proves is not the change's own evidence: else the first deployment would ship all of history.
        if (landing?.Baselined.Contains(gate.Name) == true && (!view.HasEvidence || (view.Coverage is not null && view.Reason != Reason.Exact)))
            return new GateView { Gate = gate.Name, RefusedWriters = view.RefusedWriters, Status = GateStatus.NotApplicable, Reason = Reason.Baseline, Detail = "landed before tracking began" };
        if (view.Holds) return view;
        if (!gate.ExemptPaths.IsDefaultOrEmpty && view.Status != GateStatus.Failed && Exempt(gate, change) is { } landed)
            return view with { Status = GateStatus.NotApplicable, Reason = Reason.None, Since = landed.OccurredAt, Detail = $"changes only {string.Join(", ", gate.ExemptPaths)}" };
        return view;
    }

    // Of every landing all paths have to be known: half a list exempts nothing.
    private static Fact? Exempt(GateDefinition gate, ChangeScope change)
    {
        Fact? landed = null;
        foreach (var fact in change.LandingFacts)
        {
            if (ChangedPaths.Read(fact) is not { } paths || !paths.All(path => gate.ExemptPaths.Any(pattern => PathPattern.Matches(pattern, path)))) return null;
            landed = fact;
        }
        return landed;
    }
}
