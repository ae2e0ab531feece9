using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Intake;

/// <summary>Decides who may write what (mission/002: a gate's writer is the system closest to it; mission/001: access by role). Pure.</summary>
internal static class WriterAuthority
{
    private static readonly string[] Openers = [WriterRoles.Host, WriterRoles.Agent, WriterRoles.Person, WriterRoles.SourceControl];
    private static readonly string[] Landers = [WriterRoles.Host, WriterRoles.SourceControl];

    /// <summary>Says why a fact is refused, or null when its writer may write it.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="writers">The writers that its source may speak for.</param>
    /// <param name="pipelines">All pipelines: a fact is taken when a gate of any of them takes it.</param>
    public static string? Refuse(Fact fact, IReadOnlyCollection<Writer> writers, IReadOnlyCollection<PipelineDefinition> pipelines)
    {
        if (!writers.Contains(fact.Writer))
            return $"{fact.Writer} is not a writer that this source may speak for ({List(writers)}).";
        switch (fact.Kind)
        {
            case FactKinds.Item or FactKinds.Link:
                return Openers.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not open or link items; {string.Join(", ", Openers)} may.";
            case FactKinds.Landing:
                return Landers.Contains(fact.Writer.Role) ? null : $"{fact.Writer} may not say what landed; {string.Join(", ", Landers)} may.";
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

    private static IEnumerable<string> Accepted(string kind, IReadOnlyCollection<PipelineDefinition> pipelines) =>
        pipelines.SelectMany(static p => p.Gates).Where(g => g.ListensTo(kind)).SelectMany(static g => g.Writers.OrEmpty()).Distinct().Order(StringComparer.Ordinal);

    private static string List<T>(IEnumerable<T> names)
    {
        string text = string.Join(", ", names);
        return text.Length == 0 ? "none" : text;
    }
}
