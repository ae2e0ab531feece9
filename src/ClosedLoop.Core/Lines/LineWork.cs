using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Folds again what a fact concerned beyond what its own transaction took, and what a soak's end settles. Each step is one transaction that
/// also moves its own due row, so that a crash repeats a step and loses none.
/// </summary>
internal sealed class LineWork(ILoopStore store, IIntake intake, TimeProvider time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Does what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        bool any = false;
        foreach (var claim in await ClaimAsync(DueKinds.Concern, 1, cancellationToken).ConfigureAwait(false))
            any |= await SubmitAsync(new Submission { Source = "engine", ReceivedAt = time.GetUtcNow(), ContinueLine = claim.Subject.Value, Due = [End(claim)] }, cancellationToken).ConfigureAwait(false);
        var settled = await ClaimAsync(DueKinds.Soak, 200, cancellationToken).ConfigureAwait(false);
        if (settled.Count > 0)
            any |= await SubmitAsync(new Submission { Source = "engine", ReceivedAt = time.GetUtcNow(), Touch = [.. settled.Select(static c => c.Subject)], Due = [.. settled.Select(End)] }, cancellationToken).ConfigureAwait(false);
        return any;
    }

    private ValueTask<IReadOnlyList<DueClaim>> ClaimAsync(string kind, int limit, CancellationToken cancellationToken) =>
        store.ClaimDueAsync(new ClaimRequest { Now = time.GetUtcNow(), Lease = Lease, Kind = kind, Limit = limit }, cancellationToken);

    // When the intake is busy the claim runs out and the step is done again.
    private async ValueTask<bool> SubmitAsync(Submission submission, CancellationToken cancellationToken) =>
        (await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false)).Outcome != SubmissionOutcome.Busy;

    private static DueChange End(DueClaim claim) => new() { Subject = claim.Subject, Kind = claim.Kind, DueAt = null, Token = claim.Token };
}
