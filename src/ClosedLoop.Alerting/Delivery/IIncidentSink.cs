using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>Tells somebody of incidents. Called for one notice at a time; may be called from several threads for different incidents.</summary>
public interface IIncidentSink
{
    /// <summary>The sink's name: unique, lower-case letters, digits and '-'. Routes name it, and what was delivered is remembered by it.</summary>
    string Name { get; }

    /// <summary>
    /// Delivers one notice. Any exception but <see cref="UndeliverableNoticeException"/> means that it was not delivered and is to be tried
    /// again later; no later notice of the incident is delivered before it.
    /// </summary>
    /// <param name="notice">The notice.</param>
    /// <param name="handle">What the delivery of the incident's notice before returned; null for the first. A chat keeps its message's id here, to update it.</param>
    /// <param name="cancellationToken">The host stops, or the attempt took too long.</param>
    /// <returns>Text to be handed to the incident's next delivery, at most 2,000 characters; null keeps none.</returns>
    ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken);
}
