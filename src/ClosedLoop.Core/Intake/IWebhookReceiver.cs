using ClosedLoop.Adapters;

namespace ClosedLoop.Intake;

/// <summary>Takes webhook deliveries: authenticate, translate, commit, answer. Safe from several threads.</summary>
public interface IWebhookReceiver
{
    /// <summary>The largest body that an adapter takes, in bytes; null when no adapter of that name takes webhooks.</summary>
    int? MaxBodyBytes(string source);

    /// <summary>Refuses a delivery whose body was not read because it is too large, and counts it.</summary>
    /// <param name="source">The adapter's name.</param>
    /// <param name="length">The length that the sender announced, in bytes; null when it announced none.</param>
    WebhookResult RefuseTooLarge(string source, long? length);

    /// <summary>Takes one delivery and returns when it is durable, or why it is not.</summary>
    ValueTask<WebhookResult> ReceiveAsync(WebhookDelivery delivery, CancellationToken cancellationToken = default);
}
