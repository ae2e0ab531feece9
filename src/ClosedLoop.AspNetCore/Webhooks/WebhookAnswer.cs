namespace ClosedLoop.AspNetCore.Webhooks;

/// <summary>What a sender is told of a delivery that was taken.</summary>
internal sealed record WebhookAnswer(string Outcome, string Detail);
