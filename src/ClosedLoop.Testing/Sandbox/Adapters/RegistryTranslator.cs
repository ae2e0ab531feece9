using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Translates the notifications of the distribution registry.</summary>
internal sealed class RegistryTranslator(ImageFacts images, IReadOnlyList<string> repositories) : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(delivery.Body);
        }
        catch (JsonException)
        {
            return Translation.Malformed("notification", "expected a JSON object with an array 'events'");
        }
        using (document)
        {
            if (document.RootElement.At("events").ValueKind != JsonValueKind.Array) return Translation.Malformed("notification", "expected an array 'events'");
            var events = document.RootElement.Items("events").ToList();
            var facts = new List<Fact>();
            foreach (var @event in events)
            {
                if (@event.Text("action") != "push" || !OciMediaTypes.Manifests.Contains(@event.Text("target", "mediaType"), StringComparer.Ordinal)) continue;
                if (@event.Text("target", "digest") is not { } digest || @event.Time("timestamp") is not { } at) return Translation.Malformed("push", "a pushed manifest needs target.digest and timestamp");
                if (@event.Text("target", "repository") is { } repository && repositories.Contains(repository, StringComparer.Ordinal)) facts.Add(images.Announced(repository, digest, at));
            }
            string? id = events.Count == 1 ? events[0].Text("id") : null;
            return facts.Count == 0
                ? Translation.Ignored("notification", "no manifest of a watched repository was pushed") with { DeliveryId = id }
                : Translation.Of("push", facts) with { DeliveryId = id, Hints = [.. facts.Select(static f => f.Subject)] };
        }
    }
}
