namespace ClosedLoop.Adapters;

/// <summary>Turns an authentic delivery into facts. Pure: no I/O, no clock but the delivery's own.</summary>
public interface IWebhookTranslator
{
    /// <summary>
    /// Translates one delivery: facts, ignored with a reason, or malformed. Must be safe from several threads. An exception is
    /// treated as malformed input and quarantined with the raw bytes.
    /// </summary>
    Translation Translate(in WebhookDelivery delivery);
}
