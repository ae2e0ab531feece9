namespace ClosedLoop.Intake;

/// <summary>The answer to a webhook delivery.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="StatusCode">The HTTP status that its sender expects for that.</param>
/// <param name="Detail">What happened, and for errors what to do.</param>
public sealed record WebhookResult(WebhookOutcome Outcome, int StatusCode, string Detail);
