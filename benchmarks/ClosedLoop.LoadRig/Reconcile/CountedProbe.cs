using ClosedLoop.Adapters;

namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>The adapter's own probe, counted.</summary>
internal sealed class CountedProbe(IProbe probe) : IProbe
{
    public int Sweeps { get; private set; }

    public long Subjects { get; private set; }

    /// <summary>Probes that had subjects to read.</summary>
    public int Batches { get; private set; }

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var result = await probe.ProbeAsync(batch, cancellationToken).ConfigureAwait(false);
        if (batch.SweepSince is not null && result.Outcome == ProbeOutcome.Reached) Sweeps++;
        Subjects += batch.Keys.Length;
        if (!batch.Keys.IsEmpty) Batches++;
        return result;
    }

    public void Reset() => (Sweeps, Subjects, Batches) = (0, 0, 0);
}
