using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>The pipelines of this process; the first one is the default.</summary>
internal sealed class PipelineCatalog
{
    private volatile Dictionary<string, PipelineDefinition> _byName;

    public PipelineCatalog(IEnumerable<PipelineDefinition> pipelines)
    {
        var all = pipelines.ToList();
        if (all.Count == 0) all.Add(PipelineDefinition.Default);
        DefaultName = all[0].Name;
        _byName = new Dictionary<string, PipelineDefinition>(StringComparer.Ordinal);
        foreach (var pipeline in all)
            if (!_byName.TryAdd(pipeline.Name, pipeline))
                throw new InvalidOperationException($"Two pipelines are named '{pipeline.Name}'; give one of them another name.");
    }

    public string DefaultName { get; }

    public Dictionary<string, PipelineDefinition>.ValueCollection All => _byName.Values;

    public PipelineDefinition Default => _byName[DefaultName];

    public PipelineDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The pipeline of an item: the one it was opened with, else the default. An agent's choice yields to anybody else's: it could
    /// choose the weakest DONE.
    /// </summary>
    public PipelineDefinition For(FactGraph graph, Key item)
    {
        PipelineDefinition? chosen = null;
        Fact? by = null;
        foreach (var fact in graph.RegistersOf(item))
        {
            if (fact.Kind != FactKinds.Item || fact.Attribute(FactAttributes.Pipeline) is not { } name || !_byName.TryGetValue(name, out var pipeline)) continue;
            if (by is null || Prevails(fact, by)) (chosen, by) = (pipeline, fact);
        }
        return chosen ?? Default;
    }

    private static bool Prevails(Fact fact, Fact other)
    {
        bool isAgents = fact.Writer.Role == WriterRoles.Agent;
        if (isAgents != (other.Writer.Role == WriterRoles.Agent)) return !isAgents;
        int order = fact.Ordinal.CompareTo(other.Ordinal);
        return order > 0 || (order == 0 && fact.Writer.CompareTo(other.Writer) > 0);
    }

    public IReadOnlyList<PipelineVersion> Versions() =>
        [.. _byName.Values.Select(static p => new PipelineVersion(p.Name, [.. p.Gates.Select(static g => g.Name)], p.Signature))];

    /// <summary>Tells gates that joined a running pipeline since when they are in it.</summary>
    public void Apply(PipelineHistory history)
    {
        var updated = new Dictionary<string, PipelineDefinition>(StringComparer.Ordinal);
        foreach (var (name, pipeline) in _byName)
        {
            updated[name] = pipeline with
            {
                Gates = [.. pipeline.Gates.Select(g => history.IntroducedAt.TryGetValue((name, g.Name), out var at) ? g with { IntroducedAt = g.IntroducedAt ?? at } : g)],
            };
        }
        _byName = updated;
    }
}
