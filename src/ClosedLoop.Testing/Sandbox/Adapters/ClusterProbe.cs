using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Reads the Deployments, for what is so now, and the kept events, for what has passed since. Two requests, however much is asked for.</summary>
internal sealed class ClusterProbe(SystemReader cluster, RolloutFacts rollouts) : IProbe
{
    /// <summary>The cluster's clock may be behind, and shows whole seconds.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var facts = new HashSet<Fact>();
        try
        {
            // Events first: what happens between the two reads then shows in the Deployments.
            await AddAsync($"api/v1/namespaces/{SandboxDeployment.Namespace}/events", rollouts.FromEvent, f => f.OccurredAt >= batch.SweepSince - Overlap).ConfigureAwait(false);
            // What runs now is told in every sweep, however long it has been so: a level, not a change.
            await AddAsync($"apis/apps/v1/namespaces/{SandboxDeployment.Namespace}/deployments", rollouts.FromDeployment, _ => batch.SweepSince is not null).ConfigureAwait(false);
            return ProbeResult.Reached(facts);
        }
        catch (HttpRequestException exception)
        {
            return ProbeResult.Unreachable(exception.StatusCode is { } code ? $"the cluster answered {(int)code}" : "the cluster did not answer", facts);
        }
        catch (JsonException)
        {
            return ProbeResult.Unreachable("the cluster answered something else than JSON", facts);
        }

        async Task AddAsync(string path, Func<JsonElement, Fact?> read, Func<Fact, bool> isSwept)
        {
            if (await cluster.ReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } body) return;
            using var list = JsonDocument.Parse(body);
            foreach (var item in list.RootElement.Items("items"))
                if (read(item) is { } fact && (isSwept(fact) || batch.Keys.Contains(fact.Subject) || fact.Links.Any(l => batch.Keys.Contains(l))))
                    facts.Add(fact);
        }
    }
}
