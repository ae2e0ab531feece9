namespace ClosedLoop.Alerting.Delivery;

/// <summary>The other side refused a notice for good, so that trying again is useless: a wrong key, a channel that is gone. The message says what to mend.</summary>
public sealed class UndeliverableNoticeException : Exception
{
    /// <summary>A refusal without a reason.</summary>
    public UndeliverableNoticeException()
    {
    }

    /// <summary>A refusal and its reason; no secrets.</summary>
    public UndeliverableNoticeException(string message) : base(message)
    {
    }

    /// <summary>A refusal, its reason and what it came from.</summary>
    public UndeliverableNoticeException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
