// Programs for verifiers of others: each reads root.pem, intermediate.pem, leaf.pem, root.crl and intermediate.crl (DER) of
// the folder given and prints ACCEPTED, or REFUSED and why.

export const GO_PROGRAM = `package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if err := verify(os.Args[1]); err != nil {
		fmt.Println("REFUSED " + err.Error())
		return
	}
	fmt.Println("ACCEPTED")
}

func verify(folder string) error {
	root, err := certificate(folder, "root.pem")
	if err != nil {
		return err
	}
	intermediate, err := certificate(folder, "intermediate.pem")
	if err != nil {
		return err
	}
	leaf, err := certificate(folder, "leaf.pem")
	if err != nil {
		return err
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	intermediates.AddCert(intermediate)
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, KeyUsages: usages}); err != nil {
		return err
	}
	if err := unrevoked(folder, "root.crl", root, intermediate); err != nil {
		return err
	}
	return unrevoked(folder, "intermediate.crl", intermediate, leaf)
}

func unrevoked(folder, name string, issuer, subject *x509.Certificate) error {
	der, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return err
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return err
	}
	if !bytes.Equal(list.RawIssuer, issuer.RawSubject) || time.Now().After(list.NextUpdate) {
		return fmt.Errorf("%s is of somebody else or stale", name)
	}
	for _, entry := range list.RevokedCertificateEntries {
		if entry.SerialNumber.Cmp(subject.SerialNumber) == 0 {
			return fmt.Errorf("revoked, reason %d", entry.ReasonCode)
		}
	}
	return nil
}

func certificate(folder, name string) (*x509.Certificate, error) {
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	return x509.ParseCertificate(block.Bytes)
}
`;

export const JAVA_PROGRAM = `import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.*;
import java.util.List;
import java.util.Set;

public class Verify {
  static final CertificateFactory X509 = factory();

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    X509Certificate root = certificate(folder.resolve("root.pem"));
    X509Certificate leaf = certificate(folder.resolve("leaf.pem"));
    CertPath path = X509.generateCertPath(List.of(leaf, certificate(folder.resolve("intermediate.pem"))));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    var lists = List.of(list(folder.resolve("root.crl")), list(folder.resolve("intermediate.crl")));
    parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    parameters.setRevocationEnabled(true);
    try {
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      boolean client = leaf.getExtendedKeyUsage().contains("1.3.6.1.5.5.7.3.2");
      System.out.println(client ? "ACCEPTED" : "REFUSED no client");
    } catch (CertPathValidatorException refused) {
      System.out.println("REFUSED " + refused.getReason() + " " + refused.getMessage());
    }
  }

  static CertificateFactory factory() {
    try {
      return CertificateFactory.getInstance("X.509");
    } catch (CertificateException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) X509.generateCertificate(in);
    }
  }

  static X509CRL list(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509CRL) X509.generateCRL(in);
    }
  }
}
`;
