using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record BoardBody(IReadOnlyList<BoardPipelineBody> Pipelines)
{
    /// <summary>All configured pipelines, and those that items still go through although they are no longer configured.</summary>
    public static BoardBody Of(IReadOnlyList<PipelineDefinition> pipelines, IReadOnlyList<BoardRow> rows, bool openOnly)
    {
        var byName = rows.ToLookup(static r => r.Pipeline, StringComparer.Ordinal);
        var configured = pipelines.Select(p => BoardPipelineBody.Of(p.Name, p, [.. byName[p.Name]], openOnly));
        var others = byName.Where(g => !pipelines.Any(p => p.Name == g.Key)).Select(g => BoardPipelineBody.Of(g.Key, null, [.. g], openOnly));
        return new BoardBody([.. configured, .. others]);
    }
}
