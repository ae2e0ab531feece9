using System.Text.Json;
using ClosedLoop.Adapters;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Translates the deploy controller's events. They have no id: their bytes identify them.</summary>
internal sealed class ClusterTranslator(RolloutFacts rollouts) : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery)
    {
        try
        {
            using var document = JsonDocument.Parse(delivery.Body);
            if (document.RootElement.Text("reason") is not { } reason) return Translation.Malformed("event", "expected a JSON object with 'reason' and 'involvedObject'");
            return rollouts.FromEvent(document.RootElement) is { } fact
                ? Translation.Of(reason, [fact])
                : Translation.Ignored(reason, "says nothing of a Deployment's rollout by digest");
        }
        catch (JsonException)
        {
            return Translation.Malformed("event", "expected a JSON object with 'reason' and 'involvedObject'");
        }
    }
}
