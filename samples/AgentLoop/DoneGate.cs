namespace ClosedLoop.Samples.AgentLoop;

/// <summary>The one place in a runtime that may say "done": it asks the record, and passes its sentence on.</summary>
internal sealed class DoneGate(IClosedLoop loop)
{
    public async Task<(bool IsDone, string Why)> AskAsync(string item)
    {
        // A real runtime waits longer: until it is done, or until there is something to do about it.
        var status = await loop.WaitUntilDoneAsync(item, TimeSpan.FromMilliseconds(50));
        return status is null ? (false, "nothing is known of it: open the item first") : (status.IsDone, status.Why);
    }
}
