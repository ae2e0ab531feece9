namespace ClosedLoop.Alerting.Incidents;

/// <summary>Reads incidents, and takes what people decide about them. Safe from several threads; needs no running host.</summary>
public interface IIncidents
{
    /// <summary>Lists incidents: the worst first, then the oldest; at most 1,000.</summary>
    /// <param name="openOnly">Leaves out what is resolved.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    ValueTask<IReadOnlyList<Incident>> ListAsync(bool openOnly = true, CancellationToken cancellationToken = default);

    /// <summary>Finds an incident by its id, or null.</summary>
    ValueTask<Incident?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Takes an incident: repetitions stop, a higher severity is still told.</summary>
    /// <returns>The incident as it is now, or why it cannot be.</returns>
    /// <exception cref="ArgumentException">Nobody is named.</exception>
    ValueTask<IncidentDecision> AcknowledgeAsync(string id, string by, string? note = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for quiet until an instant, at most 7 days away.</summary>
    /// <returns>The incident as it is now, or why it cannot be.</returns>
    /// <exception cref="ArgumentException">Nobody is named, or the instant is past or too far away.</exception>
    ValueTask<IncidentDecision> SilenceAsync(string id, DateTimeOffset until, string by, string? note = null, CancellationToken cancellationToken = default);

    /// <summary>Closes an incident by hand. The sinks are told that it is resolved; while its cause lasts nothing more is said of it, and no new incident is made for it.</summary>
    /// <returns>The incident as it is now, or why it cannot be.</returns>
    /// <exception cref="ArgumentException">Nobody is named.</exception>
    ValueTask<IncidentDecision> CloseAsync(string id, string by, string? note = null, CancellationToken cancellationToken = default);

    /// <summary>Says what an agent makes of an incident that it was handed.</summary>
    /// <returns>The incident as it is now, or why it cannot be.</returns>
    ValueTask<IncidentDecision> AnswerHandOffAsync(string id, HandOffAnswer answer, string? note = null, CancellationToken cancellationToken = default);
}
