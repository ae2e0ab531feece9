namespace ClosedLoop.LoadRig;

/// <summary>The run did not do what its figures would claim, so there are none.</summary>
internal sealed class ClaimFailedException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds) throw new ClaimFailedException(message);
    }
}
