// An executable: the platform starts it, it asks for events one by one and answers each.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/google/uuid"
)

type answer struct {
	Id      string `json:"id"`
	Message string `json:"message"`
}

func main() {
	api := "http://" + os.Getenv("RUNTIME_API_ADDR") + "/v1/runtime/invocation"
	for {
		if err := answerNext(api); err != nil {
			log.Fatal(err)
		}
	}
}

func answerNext(api string) error {
	next, err := http.Get(api + "/request")
	if err != nil {
		return err
	}
	defer next.Body.Close()
	event, err := io.ReadAll(next.Body)
	if err != nil {
		return err
	}
	request := next.Header.Get("X-Cff-Request-Id")
	status, body := "response", handle(event)
	if body == nil {
		status, body = "error", []byte(`{"errorMessage":"the event is no JSON object"}`)
	}
	done, err := http.Post(api+"/"+status+"/"+request, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return done.Body.Close()
}

// handle gives nothing for an event that it can not read.
func handle(event []byte) []byte {
	given := map[string]interface{}{}
	if json.Unmarshal(event, &given) != nil {
		return nil
	}
	name := "world"
	if text, ok := given["name"].(string); ok {
		name = text
	}
	body, _ := json.Marshal(answer{Id: uuid.NewString(), Message: fmt.Sprintf("Hello, %s", name)})
	return body
}
