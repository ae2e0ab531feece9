namespace ClosedLoop.Lines.Git;

/// <summary>
/// When a branch came to where it is, by the times of the files in which git keeps it. A clone that is fetched by something else may be behind
/// its remote: saying "now" of what it shows would make an old state the newest one that anybody reported.
/// </summary>
internal sealed class RefClock(string directory)
{
    /// <summary>The instant at which a ref moved, or nearly: refs that are packed are as old as the packing.</summary>
    /// <param name="refName">The whole name.</param>
    /// <param name="now">
    /// The instant of the look: the latest that it can be, and what is said where git keeps refs in another way. A clone is read at that
    /// instant, so it orders two looks as well.
    /// </param>
    public DateTimeOffset MovedAt(string refName, DateTimeOffset now)
    {
        foreach (string file in (ReadOnlySpan<string>)[Path.Combine(directory, refName), Path.Combine(directory, "packed-refs")])
        {
            try
            {
                if (!File.Exists(file)) continue;
                var at = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
                return at < now ? at : now;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Just replaced by git: the next place, or the instant of the look.
            }
        }
        return now;
    }
}
