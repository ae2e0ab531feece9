namespace ClosedLoop.Migration;

/// <summary>A clone cannot be read; the message says why and what to do about it.</summary>
public sealed class GitHistoryException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GitHistoryException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public GitHistoryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public GitHistoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
