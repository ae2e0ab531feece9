using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClosedLoop.AspNetCore.Health;

/// <summary>Reads whether the record can be read and its sources be reached. Names and times only: details of a failure may hold addresses.</summary>
internal static class LoopHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<HealthBody> ReadAsync(ILoopQueries queries, TimeProvider time, CancellationToken cancellationToken)
    {
        bool store = await CanReadAsync(queries, time, cancellationToken).ConfigureAwait(false);
        var sources = queries.Sources.Select(static s => new SourceBody(s.Source, s.BlindSince is null, s.ReachedAt, s.BlindSince)).ToList();
        var status = !store ? HealthStatus.Unhealthy : sources.Exists(static s => !s.Reachable) ? HealthStatus.Degraded : HealthStatus.Healthy;
        return new HealthBody(Names.Of(status), store ? "reachable" : "unreachable", sources);
    }

    private static async Task<bool> CanReadAsync(ILoopQueries queries, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await queries.ReadTransitionsAsync(new TransitionQuery { Limit = 1 }, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the cause, the answer is the same; whoever uses the store logs it.
            return false;
        }
    }
}
