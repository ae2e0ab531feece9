namespace ClosedLoop.Adapters;

/// <summary>Decides whether a delivery really comes from its system.</summary>
public interface IWebhookAuthenticator
{
    /// <summary>
    /// Checks the delivery's signature or token over its raw bytes, in constant time. Called before anything is parsed.
    /// Must be safe from several threads, and must not throw for bad input: that is false.
    /// </summary>
    bool IsAuthentic(in WebhookDelivery delivery);
}
