using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>Translates the webhooks of the configured flavour. Each is also a hint to read the image: it names no commit.</summary>
internal sealed class OciWebhookTranslator(OciSettings settings, AnnouncedImages announced) : IWebhookTranslator
{
    private readonly ImageFacts _facts = new(settings.Writer, settings.Address);

    public Translation Translate(in WebhookDelivery delivery)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(delivery.Body);
        }
        catch (JsonException)
        {
            return Translation.Malformed("webhook", $"{Expected()}; the body is not JSON: set the webhook's content type to application/json");
        }
        using (document)
        {
            var root = document.RootElement;
            PushReading reading;
            switch (settings.Flavour)
            {
                case OciFlavour.Harbor when HarborPayload.IsOne(root):
                    reading = HarborPayload.Read(root);
                    break;
                case OciFlavour.Ghcr when root.ValueKind == JsonValueKind.Object:
                    reading = GhcrPayload.Read(root, delivery.Header("X-GitHub-Event"), delivery.Header("X-GitHub-Delivery"));
                    break;
                case OciFlavour.Distribution when DistributionPayload.IsOne(root):
                    reading = DistributionPayload.Read(root);
                    break;
                default:
                    return Translation.Malformed("webhook", Expected());
            }
            return Translate(reading);
        }
    }

    private Translation Translate(PushReading reading)
    {
        var facts = new List<Fact>();
        foreach (var image in reading.Images)
        {
            if (settings.Find(image.Repository) is not { } rule)
            {
                reading.Ignored.Add($"repository {SourceText.Quote(image.Repository)} is not in Oci:Repositories");
                continue;
            }
            facts.Add(_facts.Announced(rule, image));
            announced.Add(image);
        }
        if (facts.Count > 0)
            return Translation.Of(reading.Event, facts) with { DeliveryId = reading.DeliveryId, Hints = [.. facts.Select(static f => f.Subject)], Diagnostics = [.. reading.Problems] };
        return reading.Problems.Count > 0
            ? Translation.Malformed(reading.Event, string.Join("; ", reading.Problems.Distinct(StringComparer.Ordinal).Take(5)))
            : Translation.Ignored(reading.Event, string.Join("; ", reading.Ignored.Distinct(StringComparer.Ordinal).Take(5))) with { DeliveryId = reading.DeliveryId };
    }

    private string Expected() => settings.Flavour switch
    {
        OciFlavour.Harbor => "expected a JSON object of Harbor (event_data, or a CloudEvent of type harbor.…)",
        OciFlavour.Ghcr => "expected a JSON object of GitHub with a package",
        _ => "expected a JSON object with an array 'events', as the distribution registry sends it; for Harbor or GHCR set Oci:Flavour",
    };
}
