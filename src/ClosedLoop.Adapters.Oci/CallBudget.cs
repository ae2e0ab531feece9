namespace ClosedLoop.Adapters.Oci;

/// <summary>Counts what one probe takes of the allowance.</summary>
internal sealed class CallBudget(int allowance)
{
    public int Calls { get; private set; }

    public bool TryTake()
    {
        if (Calls >= allowance) return false;
        Calls++;
        return true;
    }

    public static SourceAnswer Spent { get; } = new() { Kind = SourceAnswerKind.RateLimited, Detail = "Oci:CallsPerHour leaves no more calls now" };
}
