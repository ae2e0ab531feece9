namespace ClosedLoop.Alerting.HandOffs;

/// <summary>Offers incidents to a method of the host.</summary>
internal sealed class CallbackHandOff(Func<HandOffOffer, CancellationToken, ValueTask<HandOffReply>> callback) : IAgentHandOff
{
    public ValueTask<HandOffReply> OfferAsync(HandOffOffer offer, CancellationToken cancellationToken) => callback(offer, cancellationToken);
}
