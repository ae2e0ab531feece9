namespace ClosedLoop.Storage.InMemory;

/// <summary>The pipelines and when their gates were first seen. Guarded by the store's lock.</summary>
internal sealed class PipelineTable
{
    private readonly Dictionary<string, string> _signatures = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Pipeline, string Gate), DateTimeOffset?> _gates = [];

    public void Confirm(IReadOnlyList<PipelineVersion> pipelines)
    {
        foreach (var pipeline in pipelines) _signatures[pipeline.Name] = pipeline.Signature;
    }

    public PipelineHistory Register(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now)
    {
        var changed = new List<string>();
        foreach (var pipeline in pipelines)
        {
            bool isNew = !_signatures.TryGetValue(pipeline.Name, out string? signature);
            if (!isNew && signature != pipeline.Signature) changed.Add(pipeline.Name);
            if (isNew) _signatures[pipeline.Name] = pipeline.Signature;
            foreach (string gate in pipeline.Gates) _gates.TryAdd((pipeline.Name, gate), isNew ? null : now);
        }
        return new PipelineHistory
        {
            IntroducedAt = _gates.Where(static g => g.Value is not null).ToDictionary(static g => g.Key, static g => g.Value!.Value),
            Changed = changed,
        };
    }
}
