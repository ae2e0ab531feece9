namespace ClosedLoop.Alerting.HandOffs;

/// <summary>Asks an agent runtime to deal with an incident before people are told. May be called from several threads for different incidents.</summary>
public interface IAgentHandOff
{
    /// <summary>
    /// Offers an incident, or tells that an offered one is resolved (<see cref="HandOffOffer.IsOver"/>). An exception means that the agent was not
    /// reached, and the offer is made again, until its time is over.
    /// </summary>
    /// <returns>What the agent makes of it; without an answer it may answer later through <see cref="Incidents.IIncidents.AnswerHandOffAsync"/>.</returns>
    ValueTask<HandOffReply> OfferAsync(HandOffOffer offer, CancellationToken cancellationToken);
}
