using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.HandOffs;

/// <summary>Offers incidents to an agent runtime over HTTP, signed.</summary>
internal sealed class WebhookHandOff(SignedPost post) : IAgentHandOff
{
    public async ValueTask<HandOffReply> OfferAsync(HandOffOffer offer, CancellationToken cancellationToken) =>
        Read(await post.SendAsync(offer.Incident.IdempotencyKey, HandOffBody.Write(offer), cancellationToken).ConfigureAwait(false));

    /// <summary>What the agent said. Anything but the two words is no answer: who only acknowledges the post has taken nothing.</summary>
    internal static HandOffReply Read(SourceAnswer answer)
    {
        if (answer.Body.IsEmpty || !answer.TryParse(out var json)) return new HandOffReply(null);
        using (json)
        {
            if (json.RootElement.ValueKind != JsonValueKind.Object) return new HandOffReply(null);
            HandOffAnswer? said = json.RootElement.Text("answer") switch
            {
                "accepted" => HandOffAnswer.Accepted,
                "declined" => HandOffAnswer.Declined,
                _ => null,
            };
            return new HandOffReply(said, json.RootElement.Text("note"));
        }
    }
}
