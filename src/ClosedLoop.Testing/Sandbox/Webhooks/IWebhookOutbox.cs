namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>Takes webhooks in the order in which the world makes them; called under the world's lock, so it must not wait.</summary>
internal interface IWebhookOutbox
{
    void Post(WebhookMessage message);
}
