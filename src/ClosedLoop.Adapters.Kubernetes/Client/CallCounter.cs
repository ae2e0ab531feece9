namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>Counts what a look takes of its allowance.</summary>
internal sealed class CallCounter(int allowance)
{
    public int Calls { get; private set; }

    public bool TryTake()
    {
        if (Calls >= allowance) return false;
        Calls++;
        return true;
    }
}
