namespace ClosedLoop.Intake;

/// <summary>The one way into the record: webhooks, probes, calls and migrations all submit facts here. Safe from several threads.</summary>
public interface IIntake
{
    /// <summary>
    /// Submits facts and returns when they are durable. Submissions that wait at the same time are committed together.
    /// </summary>
    /// <remarks>Cancelling stops the wait, not the commit.</remarks>
    ValueTask<SubmissionResult> SubmitAsync(Submission submission, CancellationToken cancellationToken = default);
}
