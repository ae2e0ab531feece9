namespace ClosedLoop.Adapters.Health;

/// <summary>One configured check. Safe from several threads.</summary>
internal interface ICheck
{
    CheckSettings Settings { get; }

    /// <summary>The most requests that one look takes.</summary>
    int Calls { get; }

    /// <summary>Looks once.</summary>
    /// <param name="at">The instant of the look.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<CheckLook> LookAsync(DateTimeOffset at, CancellationToken cancellationToken);
}
