using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Intake;

/// <summary>Decides who may write what (mission/002: a gate's writer is the system closest to it; mission/001: access by role). Pure.</summary>
internal static class WriterAuthority
{
    private static readonly string[] Openers = [WriterRoles.Host, WriterRoles.Agent, WriterRoles.Person, WriterRoles.SourceControl];
    private static readonly string[] Claimable = [KeySchemes.PullRequest, KeySchemes.Branch, KeySchemes.Commit];
    private static readonly string[] Vetoers = [WriterRoles.Deployer, WriterRoles.Health, WriterRoles.Host, WriterRoles.Person];
    private static readonly string[] Baseliners = [WriterRoles.Host, WriterRoles.Person];
    private static readonly string[] Landers = [WriterRoles.Host, WriterRoles.SourceControl];

    /// <summary>Says why a fact is refused, or null when its writer may write it.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="writers">The writers that its source may speak for.</param>
    /// <param name="pipelines">All pipelines: a fact is taken when a gate of any of them takes it.</param>
    public static string? Refuse(Fact fact, ImmutableArray<Writer> writers, Dictionary<string, PipelineDefinition>.ValueCollection pipelines)
    {
        if (!writers.Contains(fact.Writer))
            return $"{fact.Writer} is not a writer that this source may speak for ({List(writers)}).";
        if (RefuseLinks(fact) is { } wrongLink) return wrongLink;
        switch (fact.Kind)
        {
            case FactKinds.Link when IsMachine(fact.Writer):
                return null;
            case FactKinds.Item or FactKinds.Link:
                return Openers.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not open or link items; {string.Join(", ", Openers)} may.";
            case FactKinds.Landing or FactKinds.Head or FactKinds.Revert or FactKinds.Equivalent:
                return Landers.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not say what landed; {string.Join(", ", Landers)} may.";
            case FactKinds.Veto:
                return Vetoers.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not mark versions bad; {string.Join(", ", Vetoers)} may.";
            case FactKinds.Baseline:
                return Baseliners.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not say where tracking begins; {string.Join(", ", Baseliners)} may.";
        }
        bool heard = false;
        foreach (var pipeline in pipelines)
        {
            foreach (var gate in pipeline.Gates)
            {
                if (!gate.ListensTo(fact.Kind)) continue;
                if (gate.Accepts(fact.Writer)) return null;
                heard = true;
            }
        }
        return heard ? $"{fact.Writer} may not write {fact.Kind}; {List(Accepted(fact.Kind, pipelines))} may." : null;
    }

    // A link makes evidence count for an item: whoever could link a build could pass the gate that it is evidence for.
    private static string? RefuseLinks(Fact fact)
    {
        if (fact.Links.IsEmpty) return null;
        if (fact.Writer.Role is WriterRoles.Agent or WriterRoles.Person)
            return IsClaimable(fact.Subject) && LinksItem(fact, only: true)
                ? null
                : $"{fact.Writer} may not link {fact.Subject}; {string.Join(", ", Claimable)} may be linked to an item, the rest follows from them.";
        return fact.Kind == FactKinds.Link && IsMachine(fact.Writer) && (IsClaimable(fact.Subject) || fact.Subject.Is(KeySchemes.Item) || LinksItem(fact, only: false))
            ? $"{fact.Writer} may link what it makes to what it was made from, not {fact.Subject} to {fact.Links[0]}."
            : null;
    }

    private static bool IsClaimable(Key subject)
    {
        foreach (string scheme in Claimable)
            if (subject.Is(scheme)) return true;
        return false;
    }

    // Whether it links any item, or items only.
    private static bool LinksItem(Fact fact, bool only)
    {
        for (int l = 0; l < fact.Links.Count; l++)
            if (fact.Links[l].Is(KeySchemes.Item) != only) return !only;
        return only;
    }

    private static bool IsMachine(Writer writer) => writer.Role is WriterRoles.Ci or WriterRoles.Registry or WriterRoles.Deployer or WriterRoles.Health;

    private static IEnumerable<string> Accepted(string kind, IReadOnlyCollection<PipelineDefinition> pipelines) =>
        pipelines.SelectMany(static p => p.Gates).Where(g => g.ListensTo(kind)).SelectMany(static g => g.Writers.OrEmpty()).Distinct().Order(StringComparer.Ordinal);

    private static string List<T>(IEnumerable<T> names)
    {
        string text = string.Join(", ", names);
        return text.Length == 0 ? "none" : text;
    }
}
