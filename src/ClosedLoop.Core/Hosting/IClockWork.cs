namespace ClosedLoop.Hosting;

/// <summary>Work of another package that time makes due; it finds what is due by its own due rows. Called by one thread at a time.</summary>
internal interface IClockWork
{
    /// <summary>What its loop is called in the log.</summary>
    string Name { get; }

    /// <summary>Does what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken);
}
